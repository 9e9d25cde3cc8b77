@description('The name of the Log Analytics workspace.')
param workspaceName string

@description('The name of the Application Insights resource.')
param insightsName string

@description('Where both live.')
param location string = resourceGroup().location

@description('How many days logs and metrics of the app are kept.')
@minValue(30)
@maxValue(730)
param retentionDays int = 30

@description('The most that may be taken in a day, in GB, lest a defect that logs becomes a bill. -1: no limit.')
param dailyLimitGb int = 5

@description('Tags of both.')
param tags object = {}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
    }
    workspaceCapping: {
      dailyQuotaGb: dailyLimitGb
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // The connection string is an address then, and no key: only identities may write.
    DisableLocalAuth: true
  }
}

@description('The resource id of the workspace.')
output workspaceId string = workspace.id

@description('The name of the Application Insights resource.')
output insightsName string = insights.name

@description('The address that telemetry goes to: APPLICATIONINSIGHTS_CONNECTION_STRING of the function app.')
output connectionString string = insights.properties.ConnectionString
