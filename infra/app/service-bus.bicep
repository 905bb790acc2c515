// Work comes in by a queue, results go out by a topic. Standard, because Basic has neither topics nor duplicate detection.
param name string
param location string
param tags object
param tasksQueue string
param resultsTopic string

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: tasksQueue
  properties: {
    // Starting a run takes well under a second; a lock of a minute leaves room for a slow storage account.
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P7D'
    // A second line: the run's ID comes from the MessageId, so a duplicate outside the window starts nothing either.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    enablePartitioning: false
    maxSizeInMegabytes: 5120
  }
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: resultsTopic
  properties: {
    defaultMessageTimeToLive: 'P7D'
    // A result is published at least once; its CloudEvents id is the MessageId, so that a repeat within the window is dropped.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    enablePartitioning: false
    maxSizeInMegabytes: 5120
  }
}

resource allResults 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: topic
  name: 'all'
  properties: {
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P7D'
  }
}

output name string = namespace.name
output host string = '${namespace.name}.servicebus.windows.net'
output tasksQueue string = queue.name
output resultsTopic string = topic.name
