using AgentFunctions.App.Storage;
using Microsoft.Extensions.Configuration;

namespace AgentFunctions.App.Tests.Storage;

public sealed class AzureSettingsTests
{
    [Fact]
    public void Read_Emulator_IsAConnectionString()
    {
        var settings = Read(("AzureWebJobsStorage", "UseDevelopmentStorage=true"), ("ServiceBusConnection", "Endpoint=sb://localhost"));
        Assert.Equal(("UseDevelopmentStorage=true", "Endpoint=sb://localhost", "agent-results"), (settings.StorageConnection, settings.ServiceBusConnection, settings.ResultsTopic));
    }

    [Fact]
    public void Read_Azure_IsAddresses()
    {
        var settings = Read(("Storage:tableServiceUri", "https://a.table.core.windows.net"), ("Storage:blobServiceUri", "https://a.blob.core.windows.net"), ("ServiceBusConnection:fullyQualifiedNamespace", "b.servicebus.windows.net"), ("Results:Topic", "t"), ("AzureWebJobsStorage", "other"));
        Assert.Null(settings.StorageConnection);
        Assert.Equal((new Uri("https://a.table.core.windows.net"), new Uri("https://a.blob.core.windows.net"), "b.servicebus.windows.net", "t"), (settings.TableEndpoint, settings.BlobEndpoint, settings.ServiceBusNamespace, settings.ResultsTopic));
    }

    [Fact]
    public void Read_AccountName_GivesBothAddresses()
    {
        var settings = Read(("AzureWebJobsStorage:accountName", "acc"));
        Assert.Equal((new Uri("https://acc.table.core.windows.net"), new Uri("https://acc.blob.core.windows.net")), (settings.TableEndpoint, settings.BlobEndpoint));
    }

    [Fact]
    public void Read_NoStorage_SaysWhatToSet() => Assert.Contains("Storage__tableServiceUri", Assert.Throws<InvalidOperationException>(() => Read()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("not an address")]
    [InlineData("http://a.table.core.windows.net")]
    public void Read_BadAddress_NamesSettingAndValue(string address)
    {
        var message = Assert.Throws<InvalidOperationException>(() => Read(("Storage:tableServiceUri", address))).Message;
        Assert.Contains("Storage:tableServiceUri", message, StringComparison.Ordinal);
        Assert.Contains(address, message, StringComparison.Ordinal);
    }

    private static AzureSettings Read(params (string Key, string Value)[] settings) =>
        AzureSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build());
}
