package main

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/tours"
	"dsqlconform/generators"
	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// The README says what the code says. These tests hold that it still does.

const root = "../.."

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// section returns what stands under a heading, to the next heading of its rank.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("got no heading %q, want one", heading)
	}
	rank, _, _ := strings.Cut(heading, " ")
	rest, _, _ = strings.Cut(rest, "\n"+rank+" ")
	return rest
}

// rows returns the cells of the first table in a text, without its head and
// without the marks of code.
func rows(t *testing.T, text string) [][]string {
	t.Helper()
	var list [][]string
	for line := range strings.SplitSeq(text, "\n") {
		inner, ok := strings.CutPrefix(line, "| ")
		if !ok {
			if len(list) > 0 {
				break
			}
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.TrimSuffix(inner, " |"), " | ") {
			cells = append(cells, strings.Trim(strings.TrimSpace(cell), "`"))
		}
		list = append(list, cells)
	}
	if len(list) < 3 {
		t.Fatalf("got no table, want one")
	}
	return list[2:]
}

// column returns one cell of each row.
func column(rows [][]string, i int) []string {
	var list []string
	for _, r := range rows {
		list = append(list, r[i])
	}
	return list
}

// blocks returns the fenced blocks of a language, "" for those of none.
func blocks(text, language string) []string {
	var list []string
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		if m[1] == language {
			list = append(list, m[2])
		}
	}
	return list
}

// help returns what the command says of itself.
func help(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, append(args, "--help")...).Output()
	if err != nil {
		t.Fatalf("%s %q --help: %v", name, args, err)
	}
	return string(out)
}

// commands returns the commands, with the help of each.
func commands(t *testing.T) map[string]string {
	t.Helper()
	_, list, _ := strings.Cut(help(t), "\nCommands:\n")
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+) `).FindAllStringSubmatch(list, -1) {
		found[m[1]] = help(t, m[1])
	}
	if len(found) == 0 {
		t.Fatal("got no commands in the help, want some")
	}
	return found
}

var flagForm = regexp.MustCompile(`(?:^|[\s` + "`" + `(])--([a-z][a-z-]*)`)

// knows reports whether a help names a flag.
func knows(help, flag string) bool {
	return regexp.MustCompile(`(?m)^ +(-[a-z], )?--` + flag + `\b[^-]`).MatchString(help + "\n")
}

func TestTheReadmeNamesEveryCommand(t *testing.T) {
	t.Parallel()
	var got, want []string
	for _, cell := range column(rows(t, section(t, readFile(t, "README.md"), "## Start")), 0) {
		got = append(got, strings.Fields(cell)[1])
	}
	for c := range commands(t) {
		want = append(want, c)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the commands in the README differ (-help +README):\n%s", diff)
	}
}

func TestTheReadmeNamesOnlyFlagsThatExist(t *testing.T) {
	t.Parallel()
	readme, helps := readFile(t, "README.md"), commands(t)
	for _, b := range blocks(readme, "bash") {
		readme = strings.Replace(readme, b, "", 1) // flags of other commands
	}
	named := flagForm.FindAllStringSubmatch(readme, -1)
	if len(named) < 10 {
		t.Fatalf("got %d flags in the README, want its flags to be found", len(named))
	}
	for _, m := range named {
		known := false
		for _, h := range helps {
			known = known || knows(h, m[1])
		}
		if !known {
			t.Errorf("the README names --%s, which no command knows", m[1])
		}
	}
	// In an example, the command that it runs must know it.
	lines := regexp.MustCompile(`(?m)^` + name + ` ([a-z]+)(.*)$`)
	examples := 0
	for _, b := range blocks(readme, "") {
		for _, line := range lines.FindAllStringSubmatch(strings.ReplaceAll(b, "\\\n", ""), -1) {
			examples++
			for _, m := range flagForm.FindAllStringSubmatch(line[2], -1) {
				if !knows(helps[line[1]], m[1]) {
					t.Errorf("%q: %s does not know --%s", line[0], line[1], m[1])
				}
			}
		}
	}
	if examples == 0 {
		t.Error("got no examples of commands, want some")
	}
}

func TestTheReadmeExplainsFlagsOfTheirCommands(t *testing.T) {
	t.Parallel()
	_, text, _ := strings.Cut(section(t, readFile(t, "README.md"), "## Start"), "these need a word more:")
	helps := commands(t)
	for _, r := range rows(t, text) {
		flag := flagForm.FindStringSubmatch(r[0])
		if flag == nil {
			t.Errorf("got %q, want a flag", r[0])
			continue
		}
		for c := range strings.SplitSeq(r[1], ", ") {
			if c = strings.Trim(c, "`"); !knows(helps[c], flag[1]) {
				t.Errorf("%s does not know --%s", c, flag[1])
			}
		}
	}
}

func TestTheReadmeNamesEveryProfile(t *testing.T) {
	t.Parallel()
	var got [][]string
	want := [][]string{{conformance.TourName, conformance.TourSays}}
	for _, p := range generators.Profiles() {
		want = append(want, []string{p.Name, p.Says})
	}
	got = rows(t, section(t, readFile(t, "README.md"), "### Profiles"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the profiles in the README differ (-code +README):\n%s", diff)
	}
}

func TestTheReadmeNamesHowManyHostileRequestsThereAre(t *testing.T) {
	t.Parallel()
	pairs := map[string]bool{}
	for _, h := range model.Hostiles(model.Current) {
		pairs[h.Operation+" "+h.Member+" "+h.Fault] = true
	}
	want := fmt.Sprintf("hostile requests: %d of %d\n", len(pairs), len(pairs))
	if got := blocks(section(t, readFile(t, "README.md"), "## Hostile requests"), ""); !slices.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheReadmeNamesHowMuchThereIsToCover(t *testing.T) {
	t.Parallel()
	edges := 0
	points := map[string]bool{}
	for _, w := range explore.Reach() {
		points[w.To] = true
		if w.Edge {
			edges++
		}
	}
	text := section(t, readFile(t, "README.md"), "## What is covered")
	for i, r := range rows(t, text) {
		want := []int{edges, len(points) - edges}[i]
		if !strings.HasPrefix(r[1], strconv.Itoa(want)+" ") || !points[r[2]] {
			t.Errorf("got %q, want %d %s, and one of them", r, want, r[0])
		}
	}
	want := regexp.MustCompile(fmt.Sprintf(`^covered: \d+ of %d edges, \d+ of %d cells of the model's graph \(the tour alone: \d+ and \d+\)\n$`, edges, len(points)-edges))
	if !slices.ContainsFunc(blocks(text, ""), want.MatchString) {
		t.Errorf("got no block like %s", want)
	}
	_, err := os.Stat(filepath.Join(root, "conformance/tours/plain/01.dsqlseq"))
	if err != nil || len(tours.Sequences()) == 0 {
		t.Errorf("got %v, %d sequences of the tour; want the one that the README replays", err, len(tours.Sequences()))
	}
}

func TestTheReadmeShowsAPresetThatIsRead(t *testing.T) {
	t.Parallel()
	readme := readFile(t, "README.md")
	dir := t.TempDir()
	read := func(text string) (conformance.Preset, error) {
		file := filepath.Join(dir, "preset.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return conformance.LookupPreset(file)
	}
	examples := blocks(section(t, readme, "## Permissions"), "json")
	if len(examples) != 1 {
		t.Fatalf("got %d presets, want 1", len(examples))
	}
	preset, err := read(examples[0])
	if err != nil {
		t.Fatal(err)
	}
	if may, err := conformance.Permissions(preset.Principals); err != nil || len(may) != 1 {
		t.Errorf("got principals %v (%v), want one", may, err)
	}
	if preset.Principals[0].SecretKey != reference.SecretKey {
		t.Errorf("got the secret %q, want the reference endpoint's", preset.Principals[0].SecretKey)
	}
	for _, r := range rows(t, section(t, readme, "## Against an emulator")) {
		if _, err := read(fmt.Sprintf(`{"name": "mine", %q: null}`, r[0])); err != nil {
			t.Errorf("%s: %v", r[0], err)
		}
	}
}

// The choreographies are typed as they stand, with the AWS CLI of the interop
// tests in front of any other.
func TestTheReadmeShowsChoreographiesThatRun(t *testing.T) {
	t.Parallel()
	bin := os.Getenv("DSQLCONFORM_EMULATORS")
	if _, err := os.Stat(filepath.Join(bin, "aws")); bin == "" || err != nil {
		const missing = "no AWS CLI: DSQLCONFORM_EMULATORS names the directory that .ci/emulators prints"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	server := httptest.NewServer(reference.New(reference.Options{Seed: 1, Settle: 50 * time.Millisecond}))
	t.Cleanup(server.Close)
	scripts := blocks(section(t, readFile(t, "README.md"), "## Official clients"), "bash")
	if len(scripts) != 2 {
		t.Fatalf("got %d choreographies, want 2", len(scripts))
	}
	typed := strings.NewReplacer("http://127.0.0.1:8000", server.URL,
		"AWS_ACCESS_KEY_ID=test", "AWS_ACCESS_KEY_ID="+reference.AccessKey, "AWS_SECRET_ACCESS_KEY=test", "AWS_SECRET_ACCESS_KEY="+reference.SecretKey)
	for i, text := range scripts {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(text, "http://127.0.0.1:8000") {
				t.Fatalf("got no endpoint in:\n%s", text)
			}
			cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", typed.Replace(text))
			cmd.Env = []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_EC2_METADATA_DISABLED=true", "NO_PROXY=*", "AWS_PAGER="}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v:\n%s\n%s", err, text, out)
			}
		})
	}
}

func TestTheReadmeNamesTheExitStatuses(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	for status, word := range map[int]string{conforms: "conforms", diverges: "diverges", unusable: "unusable", inconclusive: "inconclusive"} {
		want[strconv.Itoa(status)] = word
	}
	got := map[string]string{}
	for _, r := range rows(t, section(t, readFile(t, "README.md"), "## Exit status")) {
		got[r[0]] = r[1]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the exit statuses in the README differ (-code +README):\n%s", diff)
	}
}

func TestTheReadmeExplainsEveryDirectDependency(t *testing.T) {
	t.Parallel()
	var direct, all []string
	gomod := readFile(t, "go.mod")
	for _, m := range regexp.MustCompile(`(?m)^(?:require )?\s*([a-z0-9.-]+\.[a-z]+/\S+) v\S+(.*)$`).FindAllStringSubmatch(gomod, -1) {
		all = append(all, m[1])
		if !strings.Contains(m[2], "// indirect") {
			direct = append(direct, m[1])
		}
	}
	// A tool is a dependency of ours, though go.mod calls its module indirect.
	for _, m := range regexp.MustCompile(`(?m)^tool (\S+)$`).FindAllStringSubmatch(gomod, -1) {
		for _, mod := range all {
			if (m[1] == mod || strings.HasPrefix(m[1], mod+"/")) && !slices.Contains(direct, mod) {
				direct = append(direct, mod)
			}
		}
	}
	table := rows(t, section(t, readFile(t, "README.md"), "## Dependencies"))
	got := column(table, 0)
	slices.Sort(direct)
	slices.Sort(got)
	if diff := cmp.Diff(direct, got); diff != "" {
		t.Errorf("the dependencies in the README differ (-go.mod +README):\n%s", diff)
	}
	for _, r := range table {
		if len(r) != 3 || slices.Contains(r, "") {
			t.Errorf("got row %q, want what the module is for and why this one", r)
		}
	}
}

func TestTheReadmeNamesEveryPreset(t *testing.T) {
	t.Parallel()
	var want, got [][]string
	for _, p := range conformance.Presets() {
		row := []string{p.Name, "–", "from its documentation"}
		if p.Verified {
			row = []string{p.Name, p.Version, "verified in runs"}
		}
		want = append(want, row)
	}
	for _, r := range rows(t, section(t, readFile(t, "README.md"), "## Emulators")) {
		got = append(got, []string{r[0], r[3], r[4]})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the presets in the README differ (-code +README):\n%s", diff)
	}
}

func TestTheReadmeShowsSequencesThatParse(t *testing.T) {
	t.Parallel()
	readme := readFile(t, "README.md")
	examples := blocks(readme, "dsqlseq")
	if len(examples) == 0 {
		t.Error("got no sequences, want some")
	}
	for _, text := range examples {
		if _, err := model.ParseSequence(text); err != nil {
			t.Errorf("%v in:\n%s", err, text)
		}
	}
	words := map[string]bool{}
	for _, r := range rows(t, regexp.MustCompile(`(?s)^.*One operation a line:`).ReplaceAllString(readme, "")) {
		line, err := model.ParseLine(r[0])
		if err != nil {
			t.Errorf("%q: %v", r[0], err)
			continue
		}
		words[line.Op.Name()] = true
	}
	for _, o := range model.Operations {
		if !words[o.Name] {
			t.Errorf("the README shows no line of %s", o.Name)
		}
	}
}

func TestTheReadmeShowsAKnownDivergenceThatIsRead(t *testing.T) {
	t.Parallel()
	text := section(t, readFile(t, "README.md"), "## Known divergences")
	examples := blocks(text, "json")
	if len(examples) != 1 {
		t.Fatalf("got %d examples, want 1", len(examples))
	}
	if _, err := conformance.ParseKnown([]byte(examples[0])); err != nil {
		t.Error(err)
	}
	// Every key that the list may hold stands in the table.
	every, err := json.Marshal(conformance.Divergence{Because: "x", Expires: "x", Elsewhere: true})
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(every, &keys); err != nil {
		t.Fatal(err)
	}
	want := make([]string, 0, len(keys))
	for k := range keys {
		want = append(want, k)
	}
	got := column(rows(t, text), 0)
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the keys in the README differ (-code +README):\n%s", diff)
	}
}

// The examples are laid over the tree as files of packages that do not exist,
// and compiled there.
func TestTheReadmeShowsGoThatCompiles(t *testing.T) {
	t.Parallel()
	examples := blocks(readFile(t, "README.md"), "go")
	if len(examples) == 0 {
		t.Fatal("got no examples, want one")
	}
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i, text := range examples {
		pkg := "readme" + strconv.Itoa(i)
		file := filepath.Join(dir, pkg+"_test.go")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(base, "conformance", pkg, pkg+"_test.go"): file}})
		if err != nil {
			t.Fatal(err)
		}
		overlayFile := filepath.Join(dir, pkg+".json")
		if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
			t.Fatal(err)
		}
		compile := exec.Command("go", "test", "-vet=off", "-c", "-o", filepath.Join(dir, pkg+".test"), "-overlay", overlayFile, "./conformance/"+pkg)
		compile.Dir = base
		if out, err := compile.CombinedOutput(); err != nil {
			t.Errorf("%v: %s\n%s", err, out, text)
		}
	}
}
