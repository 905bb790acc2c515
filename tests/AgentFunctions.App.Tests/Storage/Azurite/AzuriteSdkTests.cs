#if AZURE_SDKS
using AgentFunctions.App.Storage;
using AgentFunctions.App.Tests.Storage.Contracts;
using Azure;

namespace AgentFunctions.App.Tests.Storage.Azurite;

// The contracts against Azurite through Azure's own clients, as the app uses them.

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteTablePortTests(AzuriteServer server) : TablePortContract(server.SdkTable(), typeof(RequestFailedException));

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteTableStoreTests(AzuriteServer server) : TableStoreContract(server.SdkTable(), new BlobContentStore(server.SdkBlobs()));

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteCancellationBoardTests(AzuriteServer server) : CancellationBoardContract(server.SdkTable());

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteRunOutputTests(AzuriteServer server) : RunOutputContract(server.SdkTable());

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteContentStoreTests(AzuriteServer server) : ContentStoreContract(server.SdkBlobs());

/// <summary>Where Azure's client of tables can't be had and that of blobs can: the store's long values in blobs, its rows over plain HTTP.</summary>
[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteWireTableAndBlobsTests(AzuriteServer server) : TableStoreContract(server.WireTable(), new BlobContentStore(server.SdkBlobs()));
#endif
