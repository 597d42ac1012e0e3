// Package diagram shows the tables of the model to people: the lifecycles of
// clusters and of change streams as pictures (SVG, DOT, Mermaid), and the rules as
// a catalogue in Markdown. Nothing in it knows a rule or an edge by itself; what
// it adds is where things stand on the page.
package diagram
