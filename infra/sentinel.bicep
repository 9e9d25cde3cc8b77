// Not run against Azure so far: checked against the compiler, and its workflow against a schema, by a test.
@description('The name of the playbook.')
param name string = 'ungroup-contain'

@description('Where the playbook lives.')
param location string = resourceGroup().location

@description('The address of the function app: https://APP.azurewebsites.net')
param app string

@description('A function key of RequestRemoval that is also one of GetRemoval, and not of RequestRestore: who contains cannot let out.')
@secure()
param key string

@description('The account of the hosts, as Ungroup knows it.')
param account string = 'default'

@description('The region of the hosts.')
param region string

@description('Tags of everything here.')
param tags object = {}

resource sentinel 'Microsoft.Web/connections@2016-06-01' = {
  name: '${name}-sentinel'
  location: location
  tags: tags
  properties: {
    displayName: name
    api: {
      id: sentinelApi
    }
    // With the identity of the playbook. The type of the property is not among those that Bicep knows.
    #disable-next-line BCP037
    parameterValueType: 'Alternative'
  }
}

var sentinelApi = subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'azuresentinel')

resource playbook 'Microsoft.Logic/workflows@2019-05-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    state: 'Disabled'
    definition: loadJsonContent('sentinel/contain.json')
    parameters: {
      '$connections': {
        value: {
          azuresentinel: {
            connectionId: sentinel.id
            connectionName: sentinel.name
            id: sentinelApi
            connectionProperties: {
              authentication: {
                type: 'ManagedServiceIdentity'
              }
            }
          }
        }
      }
      app: {
        value: app
      }
      key: {
        value: key
      }
      account: {
        value: account
      }
      region: {
        value: region
      }
    }
  }
}

@description('The playbook\'s identity: give it Microsoft Sentinel Responder on the workspace.')
output principalId string = playbook.identity.principalId
