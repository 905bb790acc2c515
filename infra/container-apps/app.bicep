// The Functions host in a container, scaled by rules of our own. Not of kind 'functionapp': on that kind the platform writes
// the rules from the triggers and refuses ours, and it does not know what GET /api/scale knows.
param name string
param location string
param tags object
param environmentName string
param registryServer string
param image string
param identityName string
param scalerIdentityName string
param settings object
param serviceBusName string
param tasksQueue string
param minReplicas int
param maxReplicas int
param messagesPerReplica int
param requestsPerReplica int
@secure()
param scaleKey string
param terminationGracePeriodSeconds int

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' existing = {
  name: environmentName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource scalerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: scalerIdentityName
}

var address = '${name}.${environment.properties.defaultDomain}'
var variables = map(items(union(settings, {
  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
  WEBSITE_HOSTNAME: address
  // The app wants no more than the rule below may have, and no fewer than it keeps.
  Scaling__MinInstances: string(minReplicas)
  Scaling__MaxInstances: string(maxReplicas)
})), setting => {
  name: setting.key
  value: setting.value
})

var queueRule = {
  name: 'queue'
  custom: {
    type: 'azure-servicebus'
    identity: scalerIdentity.id
    metadata: {
      namespace: serviceBusName
      queueName: tasksQueue
      messageCount: string(messagesPerReplica)
    }
  }
}
var httpRule = {
  name: 'http'
  http: {
    metadata: {
      concurrentRequests: string(requestsPerReplica)
    }
  }
}
// What the app itself wants (docs/scaling.md): a number of replicas, so that one of it is one replica.
var scaleRule = {
  name: 'scale'
  custom: {
    type: 'metrics-api'
    metadata: {
      url: 'https://${address}/api/scale'
      valueLocation: 'wanted'
      targetValue: '1'
      authMode: 'apiKey'
      method: 'header'
      keyParamName: 'x-functions-key'
    }
    auth: [
      {
        secretRef: 'scale-key'
        triggerParameter: 'apiKey'
      }
    ]
  }
}

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
      '${scalerIdentity.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      // The scaler's identity is for the scaler: no container can ask for its tokens.
      identitySettings: [
        {
          identity: identity.id
          lifecycle: 'Main'
        }
        {
          identity: scalerIdentity.id
          lifecycle: 'None'
        }
      ]
      ingress: {
        external: true
        targetPort: 80
        transport: 'auto'
        allowInsecure: false
      }
      registries: [
        {
          server: registryServer
          identity: identity.id
        }
      ]
      secrets: empty(scaleKey)
        ? []
        : [
            {
              name: 'scale-key'
              value: scaleKey
            }
          ]
    }
    template: {
      // Runs go on elsewhere; this lets activities in flight end here.
      terminationGracePeriodSeconds: terminationGracePeriodSeconds
      containers: [
        {
          name: 'app'
          image: '${registryServer}/${image}'
          env: variables
          resources: {
            cpu: 1
            memory: '2Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/api/health'
                port: 80
              }
              periodSeconds: 5
              failureThreshold: 30
            }
            {
              type: 'Liveness'
              tcpSocket: {
                port: 80
              }
              periodSeconds: 30
              failureThreshold: 3
            }
          ]
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        pollingInterval: 15
        cooldownPeriod: 300
        rules: concat([
          queueRule
          httpRule
        ], empty(scaleKey) ? [] : [
          scaleRule
        ])
      }
    }
  }
}

output uri string = 'https://${app.properties.configuration.ingress.fqdn}'
