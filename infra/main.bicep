// The whole of AgentFunctions in Azure. `azd up` runs this; README.md beside it says what it costs and how it is removed.
targetScope = 'subscription'

@description('Name of the environment. Names of resources are derived from it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of everything but the models. It must offer the Flex Consumption plan.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Resource group; empty: rg-<environmentName>.')
param resourceGroupName string = ''

@description('Object ID of the person who deploys. azd sets it. Used only with grantDeveloperAccess.')
param principalId string = ''

@description('Give that person the data roles of the app, to run it on their machine against these resources.')
param grantDeveloperAccess bool = false

@description('False lays out all but the Functions plan and app, for hosting in Container Apps.')
param deployFunctionApp bool = true

@description('Memory of one instance in MB. 2048 comes with 1 core, 4096 with 2.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Most on-demand instances of each scale group.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Instances that are always ready for HTTP. 0 lets HTTP scale to nothing, at the price of cold starts.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttp int = 1

@description('Instances that are always ready for orchestrators, activities and entities. With 0, timers of sleeping runs wait for the scale controller.')
@minValue(0)
@maxValue(20)
param alwaysReadyDurable int = 1

@description('HTTP requests that one instance serves at once. Waits and event streams hold a place and use next to no CPU.')
@minValue(1)
@maxValue(1000)
param httpPerInstanceConcurrency int = 64

@description('Keep Durable Functions\' state in Durable Task Scheduler and not in Azure Storage. The package has to be built for it: see README.md.')
param useScheduler bool = false

@description('Price plan of Durable Task Scheduler.')
@allowed([
  'Consumption'
  'Dedicated'
])
param schedulerSku string = 'Consumption'

@description('Redundancy of both storage accounts.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
])
param storageSku string = 'Standard_LRS'

@description('Azure Service Bus Data Owner on the one queue, so that the scale controller can read its length and scales by it. False: least privilege, scaling by one instance at a time.')
param scaleByQueueLength bool = false

@description('False leaves Azure OpenAI out: the app then answers with its built-in offline model, or with the endpoint that you set.')
param deployOpenAi bool = true

@description('Region of Azure OpenAI; empty: the region of the rest.')
param openAiLocation string = ''

@description('Deployment types of the two deployments of each tier. Each type has a quota of its own, so two types give twice the tokens a minute of the same model.')
@minLength(2)
@maxLength(2)
param openAiDeploymentTypes string[] = [
  'GlobalStandard'
  'DataZoneStandard'
]

@description('Model of the fast tier. Models retire: see README.md.')
param fastModel string
@description('Its version; empty: the default version.')
param fastModelVersion string = ''
@description('Thousands of tokens a minute of each of its two deployments.')
@minValue(1)
param fastModelCapacity int = 50

@description('Model of the balanced tier.')
param balancedModel string
@description('Its version; empty: the default version.')
param balancedModelVersion string = ''
@description('Thousands of tokens a minute of each of its two deployments.')
@minValue(1)
param balancedModelCapacity int = 50

@description('Model of the capable tier.')
param capableModel string
@description('Its version; empty: the default version.')
param capableModelVersion string = ''
@description('Thousands of tokens a minute of each of its two deployments.')
@minValue(1)
param capableModelCapacity int = 20

@description('Days that logs and traces are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Gigabytes of logs a day after which ingestion stops until the next day; -1: no limit.')
@minValue(-1)
param logDailyCapGb int = 5

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = {
  'azd-env-name': environmentName
}
var appName = 'func-${token}'
var deploymentContainer = 'app-package'
var contentContainer = 'agent-content'
var cacheTable = 'agentcache'
var cancellationsTable = 'agentcancellations'
var tasksQueue = 'agent-tasks'
var resultsTopic = 'agent-results'
var taskHubName = 'AgentFunctions'
var tiers = [
  {
    tier: 'fast'
    model: fastModel
    version: fastModelVersion
    capacity: fastModelCapacity
  }
  {
    tier: 'balanced'
    model: balancedModel
    version: balancedModelVersion
    capacity: balancedModelCapacity
  }
  {
    tier: 'capable'
    model: capableModel
    version: capableModelVersion
    capacity: capableModelCapacity
  }
]

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: empty(resourceGroupName) ? 'rg-${environmentName}' : resourceGroupName
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

// The host's own state, the package, large contents and the cache.
module appStorage 'app/storage.bicep' = {
  name: 'app-storage'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    skuName: storageSku
    containers: [
      deploymentContainer
      contentContainer
    ]
    tables: [
      cacheTable
      cancellationsTable
    ]
  }
}

// Durable Functions' queues, history and leases, in an account of their own: its request limit is not shared with anything.
module hubStorage 'app/storage.bicep' = {
  name: 'hub-storage'
  scope: group
  params: {
    name: 'sthub${token}'
    location: location
    tags: tags
    skuName: storageSku
    containers: []
    tables: []
  }
}

module serviceBus 'app/service-bus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    name: 'sb-${token}'
    location: location
    tags: tags
    tasksQueue: tasksQueue
    resultsTopic: resultsTopic
  }
}

module openAi 'app/openai.bicep' = if (deployOpenAi) {
  name: 'openai'
  scope: group
  params: {
    name: 'oai-${token}'
    location: empty(openAiLocation) ? location : openAiLocation
    tags: tags
    tiers: tiers
    deploymentTypes: openAiDeploymentTypes
  }
}

module scheduler 'app/scheduler.bicep' = if (useScheduler) {
  name: 'scheduler'
  scope: group
  params: {
    name: 'dts-${token}'
    location: location
    tags: tags
    skuName: schedulerSku
    taskHubName: taskHubName
  }
}

module roles 'app/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    principalType: 'ServicePrincipal'
    appStorageName: appStorage.outputs.name
    hubStorageName: hubStorage.outputs.name
    serviceBusName: serviceBus.outputs.name
    tasksQueue: serviceBus.outputs.tasksQueue
    resultsTopic: serviceBus.outputs.resultsTopic
    ownQueue: scaleByQueueLength
    insightsName: monitoring.outputs.insightsName
    openAiName: openAi.?outputs.name ?? ''
    schedulerName: scheduler.?outputs.name ?? ''
  }
}

module developerRoles 'app/roles.bicep' = if (grantDeveloperAccess && !empty(principalId)) {
  name: 'developer-roles'
  scope: group
  params: {
    principalId: principalId
    principalType: 'User'
    appStorageName: appStorage.outputs.name
    hubStorageName: hubStorage.outputs.name
    serviceBusName: serviceBus.outputs.name
    tasksQueue: serviceBus.outputs.tasksQueue
    resultsTopic: serviceBus.outputs.resultsTopic
    ownQueue: false
    insightsName: monitoring.outputs.insightsName
    openAiName: openAi.?outputs.name ?? ''
    schedulerName: scheduler.?outputs.name ?? ''
  }
}

module settings 'app/settings.bicep' = {
  name: 'settings'
  scope: group
  params: {
    clientId: identity.outputs.clientId
    appStorageName: appStorage.outputs.name
    blobEndpoint: appStorage.outputs.blobEndpoint
    tableEndpoint: appStorage.outputs.tableEndpoint
    hubStorageName: hubStorage.outputs.name
    serviceBusHost: serviceBus.outputs.host
    tasksQueue: serviceBus.outputs.tasksQueue
    resultsTopic: serviceBus.outputs.resultsTopic
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    openAiEndpoint: openAi.?outputs.endpoint ?? ''
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
    taskHubName: taskHubName
  }
}

module app 'app/function-app.bicep' = if (deployFunctionApp) {
  name: 'app'
  scope: group
  dependsOn: [
    roles
  ]
  params: {
    name: appName
    planName: 'plan-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    deploymentContainerUrl: '${appStorage.outputs.blobEndpoint}${deploymentContainer}'
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttp: alwaysReadyHttp
    alwaysReadyDurable: alwaysReadyDurable
    httpPerInstanceConcurrency: httpPerInstanceConcurrency
    settings: settings.outputs.settings
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.?outputs.name ?? ''
output SERVICE_APP_NAME string = app.?outputs.name ?? ''
output SERVICE_APP_ENDPOINTS string[] = deployFunctionApp ? [app.?outputs.uri ?? ''] : []
output AGENTFUNCTIONS_IDENTITY_ID string = identity.outputs.id
output AGENTFUNCTIONS_IDENTITY_NAME string = identity.outputs.name
output AGENTFUNCTIONS_STORAGE_NAME string = appStorage.outputs.name
output AGENTFUNCTIONS_HUB_STORAGE_NAME string = hubStorage.outputs.name
output AGENTFUNCTIONS_SERVICE_BUS_NAME string = serviceBus.outputs.name
output AGENTFUNCTIONS_LOG_WORKSPACE_NAME string = monitoring.outputs.workspaceName
output AGENTFUNCTIONS_INSIGHTS_NAME string = monitoring.outputs.insightsName
output AGENTFUNCTIONS_OPENAI_ENDPOINT string = openAi.?outputs.endpoint ?? ''
output AGENTFUNCTIONS_SCHEDULER_ENDPOINT string = scheduler.?outputs.endpoint ?? ''
output AGENTFUNCTIONS_SETTINGS object = settings.outputs.settings
