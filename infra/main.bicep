// Subscription-scoped, so that one command makes everything and one command leaves nothing: the resource group is part of it.
targetScope = 'subscription'

@description('The name of this installation, such as prod. Part of every name here.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('The Azure region. Pick one that has Flex Consumption: az functionapp list-flexconsumption-locations.')
@minLength(1)
param location string

@description('Who gets alerts by e-mail. Empty: nobody.')
param alertEmail string = ''

@description('The number of the Alibaba Cloud account, 16 digits.')
@minLength(1)
param alibabaAccountId string

@description('The RAM role the app assumes there.')
param alibabaRoleName string = 'ungroup'

@description('The RAM OIDC provider that stands for this tenant there.')
param alibabaOidcProviderName string = 'ungroup-entra'

@description('The region of a request that names none, such as cn-hangzhou. Empty: requests must name theirs.')
param alibabaRegion string = ''

@description('The App ID URI of the Entra application that stands for Alibaba Cloud, such as api://1f2e….')
@minLength(1)
param tokenAudience string

@description('Security groups nothing is ever removed from.')
param protectedGroups array = []

@description('Instances and network interfaces that are never removed from a group.')
param protectedResources array = []

@description('Tags, `key` or `key=value`: what has one is never removed from a group nor contained.')
param protectedTags array = []

@description('Security groups that are left with approval only: a job about one is approved as a plan.')
param approvalGroups array = []

@description('How many resources clean-ups may change in an hour, for each account and group.')
@minValue(0)
@maxValue(1000000)
param mostPerHour int = 200

@description('The client id of the Entra application whose people approve jobs: see docs/security.md. Empty: App Service authentication is off, and names are only said.')
param signInClientId string = ''

@description('Security groups that contained resources stay in, one a VPC. Nothing is removed from them.')
param isolationGroups array = []

@description('How a resource is moved into its isolation group. Modify needs more rights: see docs/security.md.')
@allowed(['JoinThenLeave', 'Modify'])
param containBy string = 'JoinThenLeave'

@description('Whether a restore may come by a queue, or over HTTP alone, by a key of its own.')
param restoreFromQueue bool = true

@description('Closes storage and Service Bus to everything but the app\'s own network, and gives the app one outbound address. Needs Service Bus Premium and a NAT gateway, which cost by the hour.')
param privateNetwork bool = false

@description('The most instances of each function. ECS\'s quota is the limit long before; Flex Consumption knows no smaller number than 40.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that always wait for an incident. 0 costs nothing while nothing happens, and a cold start when it does.')
@minValue(0)
@maxValue(20)
param incidentAlwaysReady int = 0

@description('How the platform may learn how many messages wait; see roles.bicep.')
@allowed(['Counts', 'Owner', 'None'])
param scaleBy string = 'Counts'

@description('The object id of the identity that deploys new versions. Empty: whoever owns the resource group deploys.')
param deployerPrincipalId string = ''

@description('The object id of the person or group that operates Ungroup; see roles.bicep. Empty: nobody.')
param operatorPrincipalId string = ''

@description('What operatorPrincipalId is.')
@allowed(['Group', 'User', 'ServicePrincipal'])
param operatorPrincipalType string = 'Group'

@description('Where a region has no availability zones, Standard_LRS.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Logs who writes and deletes in the ledger. Two log lines for each removal and more.')
param auditLedger bool = false

@description('How many days logs and metrics of the app are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-ungroup-${environmentName}'
  location: location
  tags: {
    'azd-env-name': environmentName
  }
}

module resources 'resources.bicep' = {
  name: 'ungroup'
  scope: group
  params: {
    environmentName: environmentName
    location: location
    alertEmail: alertEmail
    alibabaAccountId: alibabaAccountId
    alibabaRoleName: alibabaRoleName
    alibabaOidcProviderName: alibabaOidcProviderName
    alibabaRegion: alibabaRegion
    tokenAudience: tokenAudience
    protectedGroups: protectedGroups
    protectedResources: protectedResources
    isolationGroups: isolationGroups
    protectedTags: protectedTags
    approvalGroups: approvalGroups
    mostPerHour: mostPerHour
    signInClientId: signInClientId
    containBy: containBy
    restoreFromQueue: restoreFromQueue
    privateNetwork: privateNetwork
    maximumInstanceCount: maximumInstanceCount
    incidentAlwaysReady: incidentAlwaysReady
    scaleBy: scaleBy
    deployerPrincipalId: deployerPrincipalId
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
    storageRedundancy: storageRedundancy
    auditLedger: auditLedger
    logRetentionDays: logRetentionDays
  }
}

// azd keeps outputs as settings of its environment, under these names.

@description('The Azure region.')
output AZURE_LOCATION string = location

@description('The tenant whose tokens the RAM OIDC provider takes.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('The resource group everything is in.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The name of the function app.')
output UNGROUP_APP string = resources.outputs.functionAppName

@description('The name of the Service Bus namespace.')
output UNGROUP_BUS string = resources.outputs.serviceBusName

@description('The object id of the app\'s identity: what the RAM role\'s trust policy is pinned to.')
output UNGROUP_PRINCIPAL_ID string = resources.outputs.identityPrincipalId

@description('The address others see the app call from. Empty without a network of its own.')
output UNGROUP_OUTBOUND_ADDRESS string = resources.outputs.outboundAddress
