// The app's settings, for whichever host runs it. Addresses and names only: there is no key among them.
param clientId string
param appStorageName string
param blobEndpoint string
param tableEndpoint string
param hubStorageName string
param serviceBusHost string
param tasksQueue string
param resultsTopic string
param insightsConnectionString string
@description('Empty: the offline model answers.')
param openAiEndpoint string
@description('Empty: Azure Storage keeps the state.')
param schedulerEndpoint string
param taskHubName string

var common = {
  AZURE_CLIENT_ID: clientId
  AzureWebJobsStorage__accountName: appStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  TaskHubStorage__accountName: hubStorageName
  TaskHubStorage__credential: 'managedidentity'
  TaskHubStorage__clientId: clientId
  ServiceBusConnection__fullyQualifiedNamespace: serviceBusHost
  ServiceBusConnection__credential: 'managedidentity'
  ServiceBusConnection__clientId: clientId
  AgentTasksQueue: tasksQueue
  Results__Topic: resultsTopic
  Storage__blobServiceUri: blobEndpoint
  Storage__tableServiceUri: tableEndpoint
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
}

// The names are those of app/openai.bicep. The second deployment of a tier is for balancing between the two.
var models = empty(openAiEndpoint) ? {} : {
  AzureOpenAI__Endpoint: openAiEndpoint
  AzureOpenAI__Deployments: 'fast-2,balanced-2,capable-2'
  AGENTFUNCTIONS_MODEL_FAST: 'fast-1'
  AGENTFUNCTIONS_MODEL_BALANCED: 'balanced-1'
  AGENTFUNCTIONS_MODEL_CAPABLE: 'capable-1'
}

var scheduler = empty(schedulerEndpoint) ? {} : {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};TaskHub=${taskHubName};Authentication=ManagedIdentity;ClientID=${clientId}'
}

output settings object = union(common, models, scheduler)
