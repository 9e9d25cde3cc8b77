using 'main.bicep'

// `azd env set NAME value` sets each of these; the ones without a default have to be set before the first `azd up`.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param alibabaAccountId = readEnvironmentVariable('ALIBABA_ACCOUNT_ID')
param tokenAudience = readEnvironmentVariable('UNGROUP_TOKEN_AUDIENCE')

param alertEmail = readEnvironmentVariable('UNGROUP_ALERT_EMAIL', '')
param alibabaRoleName = readEnvironmentVariable('ALIBABA_ROLE_NAME', 'ungroup')
param alibabaOidcProviderName = readEnvironmentVariable('ALIBABA_OIDC_PROVIDER_NAME', 'ungroup-entra')
param alibabaRegion = readEnvironmentVariable('ALIBABA_REGION', '')

// Ids with commas between them and no blanks.
var groups = readEnvironmentVariable('UNGROUP_PROTECTED_GROUPS', '')
var resources = readEnvironmentVariable('UNGROUP_PROTECTED_RESOURCES', '')
param protectedGroups = empty(groups) ? [] : split(groups, ',')
param protectedResources = empty(resources) ? [] : split(resources, ',')
var isolation = readEnvironmentVariable('UNGROUP_ISOLATION_GROUPS', '')
param isolationGroups = empty(isolation) ? [] : split(isolation, ',')
var tags = readEnvironmentVariable('UNGROUP_PROTECTED_TAGS', '')
param protectedTags = empty(tags) ? [] : split(tags, ',')
var approved = readEnvironmentVariable('UNGROUP_APPROVAL_GROUPS', '')
param approvalGroups = empty(approved) ? [] : split(approved, ',')
param mostPerHour = int(readEnvironmentVariable('UNGROUP_MOST_PER_HOUR', '200'))
param signInClientId = readEnvironmentVariable('UNGROUP_SIGN_IN_CLIENT_ID', '')
param containBy = readEnvironmentVariable('UNGROUP_CONTAIN_BY', 'JoinThenLeave')
param restoreFromQueue = bool(readEnvironmentVariable('UNGROUP_RESTORE_FROM_QUEUE', 'true'))

param privateNetwork = bool(readEnvironmentVariable('UNGROUP_PRIVATE_NETWORK', 'false'))
param maximumInstanceCount = int(readEnvironmentVariable('UNGROUP_MAX_INSTANCES', '40'))
param incidentAlwaysReady = int(readEnvironmentVariable('UNGROUP_INCIDENT_ALWAYS_READY', '0'))
param scaleBy = readEnvironmentVariable('UNGROUP_SCALE_BY', 'Counts')
param deployerPrincipalId = readEnvironmentVariable('UNGROUP_DEPLOYER_PRINCIPAL_ID', '')
param operatorPrincipalId = readEnvironmentVariable('UNGROUP_OPERATOR_PRINCIPAL_ID', '')
param operatorPrincipalType = readEnvironmentVariable('UNGROUP_OPERATOR_PRINCIPAL_TYPE', 'Group')
param storageRedundancy = readEnvironmentVariable('UNGROUP_STORAGE_REDUNDANCY', 'Standard_ZRS')
param auditLedger = bool(readEnvironmentVariable('UNGROUP_AUDIT_LEDGER', 'false'))
param logRetentionDays = int(readEnvironmentVariable('UNGROUP_LOG_RETENTION_DAYS', '30'))
