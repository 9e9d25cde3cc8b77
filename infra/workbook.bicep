@description('What the workbook is called.')
param displayName string

@description('Where the workbook lives.')
param location string = resourceGroup().location

@description('The resource id of the Service Bus namespace.')
param busId string

@description('The resource id of the Log Analytics workspace.')
param workspaceId string

@description('Tags of the workbook.')
param tags object = {}

// What it shows is in a file of its own, so that an export from the portal can be compared with it.
var content = replace(replace(loadTextContent('workbook.json'), '__BUS__', busId), '__WORKSPACE__', workspaceId)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'ungroup-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: content
  }
}
