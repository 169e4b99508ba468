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
rm -f ./*.gz
take swagger-ui-dist/swagger-ui.css swagger-ui.css
take swagger-ui-dist/swagger-ui-bundle.js swagger-ui-bundle.js
take redoc/bundles/redoc.standalone.js redoc.standalone.js
cat node_modules/swagger-ui-dist/NOTICE node_modules/swagger-ui-dist/LICENSE \
	node_modules/swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt >swagger-ui.LICENSE.txt
cp node_modules/redoc/LICENSE redoc.LICENSE.txt
rm -rf node_modules
sha256sum ./*.gz ./*.LICENSE.txt | sed 's, \./, ,' >SHA256SUMS
