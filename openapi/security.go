package openapi

// SecurityRequirement names the schemes that together let a call in, each with the scopes or roles it needs
// (section 4.8.30). In a list of requirements any one is enough; an empty requirement lets anybody in.
type SecurityRequirement map[string][]string

// SecurityScheme is one way to sign in (section 4.8.27). Type is required. A reference has Ref, nothing else.
type SecurityScheme struct {
	Ref              string         `json:"$ref,omitzero"`
	Type             string         `json:"type,omitzero"` // apiKey, http, mutualTLS, oauth2 or openIdConnect
	Description      string         `json:"description,omitzero"`
	Name             string         `json:"name,omitzero"`         // apiKey: of the header, query parameter or cookie
	In               string         `json:"in,omitzero"`           // apiKey: query, header or cookie
	Scheme           string         `json:"scheme,omitzero"`       // http: such as basic or bearer
	BearerFormat     string         `json:"bearerFormat,omitzero"` // http bearer: such as JWT
	Flows            *OAuthFlows    `json:"flows,omitzero"`        // oauth2
	OpenIDConnectURL string         `json:"openIdConnectUrl,omitzero"`
	Extensions       map[string]any `json:",embed"`
}

// OAuthFlows holds the OAuth 2 flows that a service supports (section 4.8.28).
type OAuthFlows struct {
	Implicit          *OAuthFlow `json:"implicit,omitzero"`
	Password          *OAuthFlow `json:"password,omitzero"`
	ClientCredentials *OAuthFlow `json:"clientCredentials,omitzero"`
	AuthorizationCode *OAuthFlow `json:"authorizationCode,omitzero"`
}

// OAuthFlow says where one flow goes (section 4.8.29). Scopes is required, though it may be empty.
type OAuthFlow struct {
	AuthorizationURL string            `json:"authorizationUrl,omitzero"`
	TokenURL         string            `json:"tokenUrl,omitzero"`
	RefreshURL       string            `json:"refreshUrl,omitzero"`
	Scopes           map[string]string `json:"scopes"` // name to a short description
}
