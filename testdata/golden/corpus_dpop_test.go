package golden

import "strings"

// proof has the shape of a proof of DPoP. Nobody here verifies it.
const proof = "eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJqdGkiOiJhIn0.c2lnbmF0dXJl"

// proofs are the DPoP lines that go with a token, mostly a good one.
func (c corpus) proofs() (lines []string) {
	if !c.maybe(3) {
		return []string{c.name("DPoP") + ":" + c.space() + proof + c.space()}
	}
	values := pick(c, oddProofs)
	for _, value := range values {
		lines = append(lines, c.name("DPoP")+":"+c.space()+value+c.space())
	}
	return lines
}

// oddProofs are the values of the DPoP lines of a request.
var oddProofs = [][]string{
	{}, {""}, {proof, proof}, {proof, ""}, {"", ""}, {proof + "," + proof}, {proof + " " + proof}, {proof + "."}, {"." + proof},
	{"a.b.c"}, {"aa.bb.cc"}, {"aa.bb.cccc-_"}, {"aa.bb.c+/c"}, {"aa.bb"}, {"aa.bb."}, {"aa..cc"}, {".bb.cc"}, {".."}, {"aa.bb.cc.dd"},
	{"aa.bb.ccccc"}, {"aa.bb.cc=="}, {"aa.bb.c c"}, {`"` + proof + `"`}, {"aa.bb.c\xc3\xa9"}, {"DPoP " + proof}, {proof[:len(proof)-1] + "%65"},
	{"aa.bb." + strings.Repeat("c", maxCredential-6)}, {"aa.bb." + strings.Repeat("c", maxCredential-5)}, {"aa.bb." + strings.Repeat("c", maxCredential-2)},
}
