using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace AgentFunctions.App.Models;

/// <summary>Who the app is: its managed identity in Azure, the developer's own login elsewhere.</summary>
internal static class AppCredential
{
    /// <summary>The setting with the client ID of a user-assigned identity. Default: the system-assigned one, or what AZURE_CLIENT_ID names.</summary>
    public const string ClientIdSetting = "ManagedIdentityClientId";

    /// <summary>The credential; it asks for tokens when they are first needed, and keeps them.</summary>
    public static TokenCredential Create(IConfiguration configuration) => configuration[ClientIdSetting] is { Length: > 0 } clientId
        ? new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId })
        : new DefaultAzureCredential();
}
