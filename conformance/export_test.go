package conformance

// CheckOne is what a property of [Run] does with one sequence.
var CheckOne = check

// SettingsOf returns the settings that options make.
var SettingsOf = settingsOf
