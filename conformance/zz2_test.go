package conformance_test
import ("testing";"testing/synctest";"os"
"dsqlconform/conformance"
"dsqlconform/conformance/reference"
"dsqlconform/generators"
"dsqlconform/model"
)
func TestLeft(t *testing.T) {
	T := os.Getenv("LEFT"); if T=="" {t.Skip()}
	ps := generators.Profiles()
	n:=0
	for i := range 400 {
	synctest.Test(t, func(t *testing.T) {
		e := reference.New(options(t, T, 1))
		s := generators.FromSeed(ps[i%len(ps)], uint64(i))
		tr := replay(t, over(t,e), s.String()[len("# dsqlseq 1\n"):], conformance.Settings{Settle: settle})
		left := 0
		for _, c := range e.World().Clusters { if c.Status != model.Gone {left++} }
		noted:=0
		for _, x := range tr.Notes { if x.Kind == "a cluster was left behind" {noted=x.Count}}
		if (os.Getenv("LEFT_ALL")!="" || left > noted) && left>0 { n++; if n > 2 {return}
			t.Log(s); for _, c := range e.World().Clusters { t.Logf("%s %s %s prot %v peers %v", e.Identifier(c.Handle), c.Handle, c.Status, c.Protected, c.Peers)}
			for _, r := range tr.Records { if r.Why != "poll" {t.Log(r.Line, r.Why, r.Call.Op, r.Exchange.Answer.HTTP, r.Exchange.Answer.Code, r.Exchange.Answer.Identifier, r.Exchange.Answer.Status)}}
		}
	})
	}
	t.Log(n)
}
