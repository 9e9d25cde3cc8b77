@description('What the names of everything here begin with.')
param prefix string

@description('Where the network lives.')
param location string = resourceGroup().location

@description('The address space. It touches no other network; change it before it is peered with one.')
param addressSpace string = '10.118.0.0/24'

@description('The resource id of the storage account.')
param storageId string

@description('The resource id of the Service Bus namespace, tier Premium.')
param busId string

@description('Tags of everything here.')
param tags object = {}

var endpoints = [
  {
    name: 'blob'
    target: storageId
    zone: 'privatelink.blob.${environment().suffixes.storage}'
  }
  {
    name: 'table'
    target: storageId
    zone: 'privatelink.table.${environment().suffixes.storage}'
  }
  {
    name: 'namespace'
    target: busId
    zone: 'privatelink.servicebus.windows.net'
  }
]

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${prefix}-network'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressSpace]
    }
  }

  // Flex Consumption wants this delegation, and 27 bits at least.
  resource app 'subnets' = {
    name: 'app'
    properties: {
      addressPrefix: cidrSubnet(addressSpace, 26, 0)
      defaultOutboundAccess: false
      natGateway: {
        id: gateway.id
      }
      delegations: [
        {
          name: 'flex'
          properties: {
            serviceName: 'Microsoft.App/environments'
          }
        }
      ]
    }
  }

  resource private 'subnets' = {
    name: 'endpoints'
    properties: {
      addressPrefix: cidrSubnet(addressSpace, 26, 1)
      defaultOutboundAccess: false
      privateEndpointNetworkPolicies: 'Disabled'
    }
    dependsOn: [app]
  }
}

// ECS, Alibaba Cloud's STS and Microsoft Entra are on the internet. They all see this one address; a RAM policy can ask for it.
resource address 'Microsoft.Network/publicIPAddresses@2024-05-01' = {
  name: '${prefix}-outbound'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
  }
}

resource gateway 'Microsoft.Network/natGateways@2024-05-01' = {
  name: '${prefix}-outbound'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    idleTimeoutInMinutes: 10
    publicIpAddresses: [
      {
        id: address.id
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for endpoint in endpoints: {
    name: endpoint.zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (endpoint, i) in endpoints: {
    parent: zones[i]
    name: '${prefix}-network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for endpoint in endpoints: {
    name: '${prefix}-${endpoint.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: network::private.id
      }
      privateLinkServiceConnections: [
        {
          name: endpoint.name
          properties: {
            privateLinkServiceId: endpoint.target
            groupIds: [endpoint.name]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (endpoint, i) in endpoints: {
    parent: privateEndpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.name
          properties: {
            privateDnsZoneId: zones[i].id
          }
        }
      ]
    }
  }
]

@description('The resource id of the subnet the app\'s calls leave from.')
output appSubnetId string = network::app.id

@description('The one address that others see the app call from.')
output outboundAddress string = address.properties.ipAddress
