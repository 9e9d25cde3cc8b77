@description('The storage account of the function app: its package, the host\'s leases, and the ledger.')
@minLength(3)
@maxLength(24)
param accountName string

@description('Where the account lives.')
param location string = resourceGroup().location

@description('Locally redundant is enough to start with; zone redundant keeps the ledger through the loss of a data centre.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param redundancy string = 'Standard_ZRS'

@description('Whether the account answers outside its private endpoints.')
param isPublic bool = true

@description('The workspace that writes and deletions in the ledger are logged to, with the identity that made them. None where empty.')
param auditWorkspaceId string = ''

@description('Tags of the account.')
param tags object = {}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      defaultAction: isPublic ? 'Allow' : 'Deny'
      bypass: 'None'
    }
  }

  // A package that was overwritten or deleted can be had back for a week.
  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: {
        enabled: true
        days: 7
      }
    }

    resource packages 'containers' = {
      name: 'packages'
    }
  }

  resource tables 'tableServices' = {
    name: 'default'

    // Made here, so that the app needs no right to make tables.
    resource ledger 'tables' = {
      name: 'ungroup'
    }
  }
}

resource ledgerAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(auditWorkspaceId)) {
  name: 'audit'
  scope: storage::tables
  properties: {
    workspaceId: auditWorkspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

@description('The name of the account: AzureWebJobsStorage__accountName of the function app.')
output name string = storage.name

@description('The resource id of the account.')
output id string = storage.id

@description('The address of the container with the app\'s package.')
output packages string = '${storage.properties.primaryEndpoints.blob}${storage::blobs::packages.name}'

@description('The address of the table service: Ledger__Endpoint of the function app.')
output tableEndpoint string = 'https://${storage.name}.table.${environment().suffixes.storage}'

@description('The name of the ledger\'s table: Ledger__Table of the function app.')
output ledgerTable string = storage::tables::ledger.name
