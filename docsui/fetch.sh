#!/bin/sh
# Copies the pages' scripts, styles and licences from the npm packages that assets/package-lock.json pins into assets/,
# compressed, and writes their checksums. Run it after a change of version, look at the pages, and commit the result:
#
#	cd docsui/assets && npm install redoc@X.Y.Z --save-exact && ../fetch.sh
#
# Only the ready-made bundles are taken, and no script of a package is run. The override in package.json names a version
# that exists of a dependency that redoc's bundle holds already.
set -eu
cd "$(dirname "$0")/assets"
npm ci --silent
take() { # take PACKAGE/FILE NAME
	gzip -9 -n -c "node_modules/$1" >"$2.gz"
}

# ReDoc loads a logo and icons from its maker's host, and an icon font that a policy without data: fonts blocks. The logo
# becomes its name, the icons (for navigation entries with an icon, which a document of Tenon has not) become blank.
# Its buttons that hand the document to assistants of other companies are switched off,
# and its search indexes on the page instead of trying for a worker made of text first, which the policy blocks.
svg='data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22'
name="$svg%20width=%2256%22%20height=%2216%22%3E%3Ctext%20y=%2212%22%20font-family=%22sans-serif%22%20font-size=%2212%22%20fill=%22%23888%22%3ERedocly%3C/text%3E%3C/svg%3E"
sed -i \
	-e "s|https://cdn.redoc.ly/redoc/logo-mini\(-full\)*.svg|$name|g" \
	-e "s|https://cdn.redocly.com/icons/[a-z]*/[0-9.]*|$svg/%3E#|g" \
	-e "s|url('data:application/font-woff;base64,[^']*')|local('none')|" \
	-e 's/showPageActions:!0/showPageActions:!1/g' \
	-e 's/_factory??=Function([A-Za-z0-9_$]*),!0/_factory=null,!1/' \
	node_modules/redoc/bundles/redoc.standalone.js
if grep -oE '//cdn\.[a-z.]+|font-woff;base64|showPageActions:!0|_factory\?\?=Function' node_modules/redoc/bundles/redoc.standalone.js; then
	echo "fetch.sh: this version of ReDoc loads or does something new" >&2
	exit 1
fi

rm -f ./*.gz
take swagger-ui-dist/swagger-ui.css swagger-ui.css
take swagger-ui-dist/swagger-ui-bundle.js swagger-ui-bundle.js
take redoc/bundles/redoc.standalone.js redoc.standalone.js
cat node_modules/swagger-ui-dist/NOTICE node_modules/swagger-ui-dist/LICENSE \
	node_modules/swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt >swagger-ui.LICENSE.txt
cp node_modules/redoc/LICENSE redoc.LICENSE.txt
rm -rf node_modules
sha256sum ./*.gz ./*.LICENSE.txt | sed 's, \./, ,' >SHA256SUMS
