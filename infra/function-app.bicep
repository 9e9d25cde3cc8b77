@description('The name of the function app.')
param appName string

@description('Where the app lives.')
param location string = resourceGroup().location

@description('The resource id of the one identity the app has.')
param identityId string

@description('The client id of that identity.')
param identityClientId string

@description('The name of the storage account.')
param storageName string

@description('The address of the container with the app\'s package.')
param packages string

@description('The address of the storage account\'s table service.')
param tableEndpoint string

@description('The table the ledger is in.')
param ledgerTable string

@description('The host name of the Service Bus namespace.')
param fullyQualifiedNamespace string

@description('The address that telemetry goes to.')
param insightsConnectionString string

@description('The Alibaba Cloud account: its number, 16 digits.')
param alibabaAccountId string

@description('The RAM role the app assumes there.')
param alibabaRoleName string

@description('The RAM OIDC provider that stands for this tenant there.')
param alibabaOidcProviderName string

@description('The region of a request that names none. Empty: requests must name theirs.')
param alibabaRegion string

@description('The App ID URI the app asks Microsoft Entra for a token for.')
param tokenAudience string

@description('Security groups nothing is ever removed from.')
param protectedGroups array

@description('Instances and network interfaces that are never removed from a group.')
param protectedResources array

@description('Tags, `key` or `key=value`: what has one is never removed from a group nor contained.')
param protectedTags array

@description('Security groups that are left with approval only: a job about one is approved as a plan.')
param approvalGroups array

@description('How many resources clean-ups may change in an hour, for each account and group.')
@minValue(0)
@maxValue(1000000)
param mostPerHour int

@description('The client id of the Entra application whose people approve jobs: see docs/security.md. Empty: App Service authentication is off, and names are only said.')
param signInClientId string

@description('Security groups that contained resources stay in, one a VPC. Nothing is removed from them.')
param isolationGroups array

@description('How a resource is moved into its isolation group. Modify needs more rights: see docs/security.md.')
@allowed(['JoinThenLeave', 'Modify'])
param containBy string

@description('Whether a restore may come by a queue, or over HTTP alone, by a key of its own.')
param restoreFromQueue bool

@description('The most instances of each function. ECS\'s quota is the limit long before; Flex Consumption knows no smaller number than 40.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Memory of an instance. 2,048 MB comes with one core; the worker needs a tenth of it.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Instances that always wait for an incident. 0 costs nothing while nothing happens, and a cold start when it does.')
@minValue(0)
@maxValue(20)
param incidentAlwaysReady int

@description('The subnet the app calls from. Empty: from Azure\'s shared addresses.')
param subnetId string = ''

@description('Tags of plan and app.')
param tags object = {}

// An identity without any key: what the platform fetches the package with, too.
var settings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  ServiceBus__fullyQualifiedNamespace: fullyQualifiedNamespace
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId
  Outcomes__Topic: 'outcomes'
  Ledger__Kind: 'Table'
  Ledger__Endpoint: tableEndpoint
  Ledger__Table: ledgerTable
  Accounts__default__Credentials: 'ManagedIdentity'
  Accounts__default__RoleArn: 'acs:ram::${alibabaAccountId}:role/${alibabaRoleName}'
  Accounts__default__OidcProviderArn: 'acs:ram::${alibabaAccountId}:oidc-provider/${alibabaOidcProviderName}'
  Accounts__default__TokenAudience: tokenAudience
  Accounts__default__IdentityClientId: identityClientId
  Accounts__default__ContainBy: containBy
  Requests__RestoreFromQueue: string(restoreFromQueue)
  Guardrails__MostPerHour: string(mostPerHour)
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

var defaultRegion = empty(alibabaRegion) ? {} : { Accounts__default__DefaultRegion: alibabaRegion }
var guardedGroups = toObject(
  range(0, length(protectedGroups)),
  i => 'Guardrails__ProtectedGroups__${i}',
  i => protectedGroups[i]
)
var guardedResources = toObject(
  range(0, length(protectedResources)),
  i => 'Guardrails__ProtectedResources__${i}',
  i => protectedResources[i]
)
var guardedTags = toObject(
  range(0, length(protectedTags)),
  i => 'Guardrails__ProtectedTags__${i}',
  i => protectedTags[i]
)
var approved = toObject(
  range(0, length(approvalGroups)),
  i => 'Guardrails__ApprovalGroups__${i}',
  i => approvalGroups[i]
)
var isolation = toObject(
  range(0, length(isolationGroups)),
  i => 'Accounts__default__IsolationGroups__${i}',
  i => isolationGroups[i]
)

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: '${appName}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: appName
  location: location
  // azd finds the app that the service `worker` of azure.yaml goes to by this tag.
  tags: union(tags, { 'azd-service-name': 'worker' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packages
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: incidentAlwaysReady == 0
          ? []
          : [
              {
                name: 'function:RemoveFromSecurityGroupIncident'
                instanceCount: incidentAlwaysReady
              }
            ]
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, defaultRegion, guardedGroups, guardedResources, guardedTags, approved, isolation)
  }

  // Calls without a token still come in, with the key of their function. Only an approval asks for a person then.
  resource signIn 'config' = if (!empty(signInClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
      }
      globalValidation: {
        unauthenticatedClientAction: 'AllowAnonymous'
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: signInClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [
              signInClientId
              'api://${signInClientId}'
            ]
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false
        }
      }
    }
  }

  // Who deploys does so with an identity, too: no publish profile, no FTP.
  resource noPasswordForScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  resource noPasswordForFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }
}

@description('The name of the function app.')
output name string = app.name

@description('The resource id of the function app.')
output id string = app.id
