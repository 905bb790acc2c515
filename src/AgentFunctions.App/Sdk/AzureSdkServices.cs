using AgentFunctions.App.Models;
using AgentFunctions.App.Storage;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.App.Sdk;

/// <summary>Registers what the Azure SDKs give, before the app's own services, which keep what is there.</summary>
internal static class AzureSdkServices
{
    /// <summary>Registers stores, publisher and credential by the settings that docs name: identities in Azure, connection strings on a developer's machine.</summary>
    /// <exception cref="InvalidOperationException">Neither is set.</exception>
    public static IServiceCollection AddAzureSdks(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = AzureSettings.Read(configuration);
        var credential = AppCredential.Create(configuration);
        services.AddSingleton<TokenCredential>(credential);
        var tables = settings.StorageConnection is { } local ? TableStorage.Connect(local) : TableStorage.Connect(settings.TableEndpoint!, credential);
        var blobs = settings.StorageConnection is { } localBlobs ? BlobStorage.Connect(localBlobs) : BlobStorage.Connect(settings.BlobEndpoint!, credential);
        services.AddSingleton<IContentStore>(new BlobContentStore(new BlobStorage(blobs, AzureSettings.ContentContainer)));
        services.AddTableStores(new TableStorage(tables, AzureSettings.ValuesTable), new TableStorage(tables, AzureSettings.CancellationsTable), new TableStorage(tables, AzureSettings.OutputTable));
        if (settings.ServiceBusConnection is { } connection)
        {
            services.AddSingleton<IResultPublisher>(_ => new ServiceBusResults(ServiceBusResults.Connect(connection), settings.ResultsTopic));
        }
        else if (settings.ServiceBusNamespace is { } space)
        {
            services.AddSingleton<IResultPublisher>(_ => new ServiceBusResults(ServiceBusResults.Connect(space, credential), settings.ResultsTopic));
        }

        return services;
    }
}
