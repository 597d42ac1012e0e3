package generators

import (
	"strconv"
	"strings"

	"dsqlconform/model"
)

func tokenName(n int) string { return "t" + strconv.Itoa(n) }

// Few keys and values, so that tags meet tags.
var (
	keys   = []string{"env", "team", "x y", "a/b:c"}
	values = []string{"dev", "prod", "", "a=b+c-d@e"}
)

// Tags at and past the documented limits (F145, F146, F147).
var (
	longTags = []model.Tags{
		pair(strings.Repeat("k", 128), "v"),
		pair("k", strings.Repeat("v", 256)),
		many(50),
	}
	badTags = []model.Tags{
		pair(strings.Repeat("k", 129), "v"),
		pair("k", strings.Repeat("v", 257)),
		pair("", "v"),
		pair("aws:k", "v"),
		pair("k!", "v"),
		pair("k", "v<"),
		many(201),
	}
	badKeys = [][]string{nil, {""}, {strings.Repeat("k", 129)}, {"k!"}, {"aws:k"}}
)

func pair(k, v string) model.Tags { return model.NewTags(map[string]string{k: v}) }

// many returns that many tags.
func many(n int) model.Tags {
	m := map[string]string{}
	for i := range n {
		m["k"+strconv.Itoa(i)] = "v"
	}
	return model.NewTags(m)
}

// Identifiers that are none: too short, too long, upper case, a character that
// no identifier has. None is empty or holds a slash, which would make another
// path of it.
var badIdentifiers = []string{
	"abc",
	strings.Repeat("a", 25),
	strings.Repeat("a", 27),
	strings.Repeat("A", 26),
	strings.Repeat("a", 25) + "_",
	strings.Repeat("a", 25) + "%",
	strings.Repeat("a", 25) + "é",
}

// Lengths of client tokens at the limits, and tokens past them (F034, F081).
var (
	edgeLengths = []int{1, 2, 128}
	badTokens   = []string{"", strings.Repeat("t", 129), "t t", "té", "t\tt"}
)

// Names of keys that the pattern of kmsEncryptionKey forbids (F078).
var badKMSKeys = []string{"", "alias/no spaces", strings.Repeat("k", 2049)}
