#!/usr/bin/env bash
# Builds and lints every template here, and reads every JSON and YAML file. Anything said by the compiler is a failure.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# The Bicep compiler comes as a package; a project that only downloads it brings it here. BICEP names one that is there already.
if [[ -z ${BICEP:-} ]]; then
  version=0.49.2 package=azure.bicep.commandline.linux-x64
  printf '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><PackageDownload Include="%s" Version="[%s]" /></ItemGroup></Project>' \
    "$package" "$version" > "$work/bicep.csproj"
  NUGET_PACKAGES="$work/packages" dotnet restore "$work/bicep.csproj" --verbosity quiet
  BICEP="$work/packages/$package/$version/tools/bicep"
  chmod +x "$BICEP"
fi

# Findings come on standard error, warnings without an exit code of their own.
quietly() {
  if ! "$@" > /dev/null 2> "$work/findings" || [[ -s $work/findings ]]; then
    cat "$work/findings"
    echo "FAILED: $*" >&2
    exit 1
  fi
}

for file in *.bicep; do
  quietly "$BICEP" lint "$file"
  quietly "$BICEP" build "$file" --stdout
done

# What has no default there needs a value, any value.
export AZURE_ENV_NAME=check AZURE_LOCATION=westeurope ALIBABA_ACCOUNT_ID=1234567890123456 UNGROUP_TOKEN_AUDIENCE=api://check
quietly "$BICEP" lint main.bicepparam
quietly "$BICEP" build-params main.bicepparam --stdout

python3 - <<'PYTHON'
import json, pathlib, yaml
for path in sorted(pathlib.Path(".").rglob("*.json")):
    json.loads(path.read_text(encoding="utf-8"))
for path in sorted([*pathlib.Path(".").rglob("*.yaml"), *pathlib.Path("../.github").rglob("*.yml")]):
    yaml.safe_load(path.read_text(encoding="utf-8"))
PYTHON

bash -n alibaba/role.sh
echo "infra: everything builds, and nothing is said about it"
