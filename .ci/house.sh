#!/usr/bin/env bash
# Prints the measures of the house: sizes, folders, names, comments. They are reported, not chased.
#
#   .ci/house.sh [COMMIT]        of the working tree, or of a commit
#
# Methods, fields and types are found by how lines are indented and how they begin, which is right for code that dotnet format has
# formatted, but for a few lines.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# The files on the way of a removal that works at the first try, from a host's delivery to its settlement, with what it makes on the
# way. Stores, quotas, circuits and credentials count with the file that the way enters them by. Names of earlier commits are in it, too.
way="
BrokerTime Delivery DeliveryScope MessageIds Outcome OutcomeEvent OutcomeFacts PostponedCopy RemovalHandler Settlement Telemetry
Characters CloudEventEnvelope JsonMembers KnownAccounts MemberValues MisplacedMembers ParsedRequest Regions RemovalRequest RequestMembers
RequestReader ResourceId Rfc3339 SecurityGroupId
AccountShares Claim FirstLook ILedgerStore LedgerRecord PayloadHash PublishedMarks RemovalLedger
GuardrailChain IGuardrail ProtectedGroup ProtectedResource RemovalDecision
CallPermit CircuitPermit CircuitRegistry EcsPipeline EcsSession PacedCall QuotaLimiters QuotaPermit QuotaRegistry RemovalProcedure
RemovalProgress RemovalResult RemovalRun RemovalVerdict Sent Sentences Tried Waits
Account Accounts Acs3Signature CanonicalQuery EcsBody EcsCall EcsClient EcsReply EcsReplyReader EcsTransport Endpoint Fault Grant
ICredentialsProvider Nonces SignedHeaders SigningKey
EventEnvelope IOutcomeBus OutcomeData OutcomeEnvelope OutcomeEventWriter OutcomeIds OutcomePublisher OutcomeRecorder RequestData
"

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
if [[ $# -gt 0 ]]; then
  git archive "$1" src | tar -x -C "$work"
else
  git ls-files -z -- src | xargs -0 cp --parents -t "$work"
fi
cd "$work"
find src -name '*.cs' | sort > files

# Median, 90th percentile and largest of the numbers in the first column; what the largest is follows it.
spread() { sort -n | awk '{ all[NR] = $1; name = $2 } END { printf "median %d, p90 %d, longest %d (%s)\n", all[int((NR + 1) / 2)], all[int(NR * 0.9 + 0.5)], all[NR], name }'; }

echo "files and lines by folder"
xargs awk '
  FNR == 1 { folder = FILENAME; sub("/[^/]*$", "", folder); if (folder !~ "^src/Ungroup(/|$)") { split(folder, part, "/"); folder = part[1] "/" part[2] } files[folder]++ }
  { lines[folder]++; project = folder; if (folder ~ "^src/Ungroup/") { all++ } else if (folder == "src/Ungroup") { all++ } }
  END { for (folder in files) printf "  %-38s %4d %6d\n", folder, files[folder], lines[folder]; printf "  %-38s %4s %6d\n", "src/Ungroup with its folders", "", all }
' < files | sort

printf 'files of src/Ungroup    '
grep '^src/Ungroup/' files | xargs wc -l | awk '$2 != "total"' | spread

printf 'methods of src/Ungroup  '
grep '^src/Ungroup/' files | xargs awk '
  FNR == 1 { inside = 0 }
  !inside && /^ +(public|private|internal|protected|static|async|override) [^=;]*\(/ && !/ (class|record|struct|delegate|enum|interface|new) / {
    match($0, /^ +/); indent = substr($0, 1, RLENGTH); name = $0; match(name, /[A-Za-z]+(<[A-Za-z, ]+>)?\([^)]|[A-Za-z]+(<[A-Za-z, ]+>)?\(\)/); name = substr(name, RSTART); sub(/\(.*/, "", name); start = FNR; inside = 1; block = 0 }
  inside && $0 == indent "{" { block = 1 }
  inside && (block ? index($0, indent "}") == 1 : /;$/) { print FNR - start + 1, FILENAME ":" name; inside = 0 }
' | spread

# A folder uses another where a file of it has a using for it, and the root where a file of it names a type that is declared there.
roots=$(grep -hoE '^(public|internal) .*\b(class|record|struct|interface|enum) [A-Za-z]+' src/Ungroup/*.cs | sed 's/.* //' | sort -u | paste -sd'|')
printf 'cycles between folders  '
grep '^src/Ungroup/' files | xargs awk -v roots="(^|[^A-Za-z.])($roots)([^A-Za-z]|$)" '
  FNR == 1 { folder = FILENAME; sub("^src/Ungroup/?", "", folder); sub("/?[^/]*$", "", folder); gsub("/", ".", folder); if (folder == "") folder = "(root)"; known[folder] }
  /^using (static )?Ungroup[.;]/ { used = $NF; sub(";", "", used); sub(/^Ungroup\.?/, "", used); if (used == "") used = "(root)"; edge[folder, used] = 1; known[used]; next }
  folder != "(root)" && !/^ *\/\// { line = $0; gsub(/"[^"]*"/, "", line); if (line ~ roots) { edge[folder, "(root)"] = 1 } }
  END {
    for (k in known) for (i in known) for (j in known) if (((i, k) in edge) && ((k, j) in edge)) edge[i, j] = 1
    for (i in known) if ((i, i) in edge) { on = on " " i; count++ }
    print count + 0 " folders are on one" (on == "" ? "" : ":" on)
  }'

printf 'public types            '
grep '^src/Ungroup/' files | xargs grep -hE '^public .*\b(class|record|struct|interface|enum|delegate)\b' | wc -l

printf 'comments per 1,000 lines '
grep '^src/Ungroup/' files | xargs awk '/^ *\/\// { comments++ } END { printf "%d\n", 1000 * comments / NR }'

printf 'first-try removal       '
count=0
for name in $way; do if grep -qE "^src/Ungroup/(.*/)?$name\.cs$" files; then count=$((count + 1)); fi; done
echo "$count files"

printf 'mutable fields          '
grep '^src/Ungroup/' files | xargs awk '
  FNR == 1 { class = FILENAME; sub(".*/", "", class); sub(/\..*/, "", class) }
  { lines[class]++ }
  /^    private (volatile )?[A-Z(a-z][^(={]* _[a-z][A-Za-z]*( = .*)?;/ && !/ (readonly|const) / { fields[class]++ }
  END {
    for (class in lines) { if (lines[class] > lines[largest]) largest = class; if (fields[class] > fields[most]) most = class }
    printf "%d in the largest class, %s (%d lines); the most are %d, in %s\n", fields[largest], largest, lines[largest], fields[most], most
  }'
