// The same app in Azure Container Apps, beside what ../main.bicep laid out with deployFunctionApp=false.
// README.md in the folder above has the commands.
targetScope = 'resourceGroup'

param location string = resourceGroup().location

@description('Identity of the app: AGENTFUNCTIONS_IDENTITY_NAME of the first deployment.')
param identityName string

@description('Settings of the app: AGENTFUNCTIONS_SETTINGS of the first deployment.')
param settings object

@description('Service Bus namespace: AGENTFUNCTIONS_SERVICE_BUS_NAME of the first deployment.')
param serviceBusName string
param tasksQueue string = 'agent-tasks'

@description('Log Analytics workspace: AGENTFUNCTIONS_LOG_WORKSPACE_NAME of the first deployment.')
param workspaceName string

@description('Image in the registry, such as agentfunctions:1. Empty: only the registry, the environment and the roles are made, for the first image to be pushed.')
param image string = ''

@description('Replicas that always run. At least 1: timers, sleeping runs and Azure Storage\'s control queues have no scale rule that could wake the app.')
@minValue(1)
@maxValue(300)
param minReplicas int = 1

@minValue(1)
@maxValue(300)
param maxReplicas int = 30

@description('Messages in the queue for each replica.')
@minValue(1)
param messagesPerReplica int = 32

@description('HTTP requests at once for each replica.')
@minValue(1)
param requestsPerReplica int = 64

@description('Function key with which KEDA reads GET /api/scale. Empty: no rule on that number.')
@secure()
param scaleKey string = ''

@description('How long a replica that is removed may take to end what it runs, in seconds. What has not ended is delivered to another.')
@minValue(30)
@maxValue(600)
param terminationGracePeriodSeconds int = 60

param tags object = {}

var token = toLower(uniqueString(resourceGroup().id, identityName))

module environment 'environment.bicep' = {
  name: 'container-apps-environment'
  params: {
    token: token
    location: location
    tags: tags
    workspaceName: workspaceName
    identityName: identityName
    serviceBusName: serviceBusName
    tasksQueue: tasksQueue
  }
}

module app 'app.bicep' = if (!empty(image)) {
  name: 'container-app'
  params: {
    name: 'ca-${token}'
    location: location
    tags: tags
    environmentName: environment.outputs.environmentName
    registryServer: environment.outputs.registryServer
    image: image
    identityName: identityName
    scalerIdentityName: environment.outputs.scalerIdentityName
    settings: settings
    serviceBusName: serviceBusName
    tasksQueue: tasksQueue
    minReplicas: minReplicas
    maxReplicas: maxReplicas
    messagesPerReplica: messagesPerReplica
    requestsPerReplica: requestsPerReplica
    scaleKey: scaleKey
    terminationGracePeriodSeconds: terminationGracePeriodSeconds
  }
}

output registryName string = environment.outputs.registryName
output registryServer string = environment.outputs.registryServer
output uri string = app.?outputs.uri ?? ''
