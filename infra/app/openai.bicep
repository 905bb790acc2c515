// Azure OpenAI without keys: two deployments of each tier, of the same model but of two deployment types.
@description('A tier of models.')
type tierType = {
  @description('fast, balanced or capable.')
  tier: string
  model: string
  @description('Empty: the default version.')
  version: string
  @description('Thousands of tokens a minute.')
  capacity: int
}

param name string
param location string
param tags object
param tiers tierType[]
param deploymentTypes string[]

var deploymentsByTier = map(tiers, tier => map(range(0, length(deploymentTypes)), i => {
  name: '${tier.tier}-${i + 1}'
  type: deploymentTypes[i]
  model: tier.model
  version: tier.version
  capacity: tier.capacity
}))
var deployments = flatten(deploymentsByTier)

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    // Tokens are accepted on the account's own subdomain only.
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      defaultAction: 'Allow'
    }
  }
}

// One after the other: the account refuses two at once.
@batchSize(1)
resource modelDeployments 'Microsoft.CognitiveServices/accounts/deployments@2025-06-01' = [
  for deployment in deployments: {
    parent: account
    name: deployment.name
    sku: {
      name: deployment.type
      capacity: deployment.capacity
    }
    properties: {
      model: union({
        format: 'OpenAI'
        name: deployment.model
      }, empty(deployment.version) ? {} : {
        version: deployment.version
      })
      versionUpgradeOption: 'OnceCurrentVersionExpired'
    }
  }
]

output name string = account.name
output endpoint string = account.properties.endpoint
output deployments string[] = map(deployments, deployment => deployment.name)
