package tenon_test

import (
	"os"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/testdata/openapi/answers"
	"github.com/tenon-go/tenon/testdata/openapi/bodies"
	"github.com/tenon-go/tenon/testdata/openapi/conditional"
	"github.com/tenon-go/tenon/testdata/openapi/decimals"
	"github.com/tenon-go/tenon/testdata/openapi/described"
	"github.com/tenon-go/tenon/testdata/openapi/extended"
	"github.com/tenon-go/tenon/testdata/openapi/files"
	"github.com/tenon-go/tenon/testdata/openapi/formats"
	"github.com/tenon-go/tenon/testdata/openapi/forms"
	"github.com/tenon-go/tenon/testdata/openapi/outgoing"
	"github.com/tenon-go/tenon/testdata/openapi/pages"
	"github.com/tenon-go/tenon/testdata/openapi/parameters"
	"github.com/tenon-go/tenon/testdata/openapi/problems"
	"github.com/tenon-go/tenon/testdata/openapi/provided"
	"github.com/tenon-go/tenon/testdata/openapi/streams"
	"github.com/tenon-go/tenon/testdata/openapi/types"
	"github.com/tenon-go/tenon/testdata/openapi/unions"
	"github.com/tenon-go/tenon/testdata/openapi/versions"
)

// TestDocuments holds the document of each folder of testdata/openapi to its want.json: in.go says what it is the document of.
func TestDocuments(t *testing.T) {
	t.Parallel()
	apps := map[string]func() *tenon.App{
		"answers": answers.App, "bodies": bodies.App, "conditional": conditional.App, "decimals": decimals.App, "described": described.App, "files": files.App,
		"extended": extended.App, "formats": formats.App, "forms": forms.App, "outgoing": outgoing.App, "pages": pages.App, "parameters": parameters.App,
		"problems": problems.App, "provided": provided.App, "streams": streams.App, "types": types.App, "unions": unions.App, "versions": versions.App,
	}
	folders, err := os.ReadDir("testdata/openapi")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if apps[folder.Name()] == nil {
			t.Errorf("testdata/openapi/%s is not in the table", folder.Name())
		}
	}
	for name, app := range apps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := app()
			if err := a.Compile(); err != nil {
				t.Fatal(err)
			}
			for version, document := range a.Documents() {
				text, err := document.JSON()
				if err != nil {
					t.Fatal(err)
				}
				if read, err := openapi.Read(text); err != nil || len(openapi.Diff(read, document)) > 0 {
					t.Errorf("the document does not read back as it is: %v", err)
				}
				goldenText(t, "testdata/openapi/"+name+"/want"+version+".json", string(text))
			}
		})
	}
}
