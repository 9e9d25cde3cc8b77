#!/usr/bin/env bash
# ungroup.zip: the function app as it is deployed. Compiled ahead of time for the platform it runs on, without the runtime it finds there.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

rm -rf publish ungroup.zip
dotnet publish src/Ungroup.Functions --configuration Release --runtime linux-x64 --no-self-contained -p:PublishReadyToRun=true -p:ServiceBusExtension=Genuine --output publish

# The host loads its extensions from a hidden folder; a package without it starts and hears nothing.
for needed in host.json worker.config.json functions.metadata extensions.json .azurefunctions Ungroup.Functions.dll; do
  [[ -e publish/$needed ]] || { echo "publish/$needed is missing" >&2; exit 1; }
done
[[ ! -e publish/local.settings.json ]] || { echo 'publish/local.settings.json may hold secrets and must not be deployed' >&2; exit 1; }

(cd publish && zip --quiet --recurse-paths ../ungroup.zip .)
sha256sum ungroup.zip
