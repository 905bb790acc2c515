using AgentFunctions.App.Tests.Storage.Contracts;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Tests.Storage.Azurite;

// The table contracts against Azurite's table service, without Azure's client.

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteWireTablePortTests(AzuriteServer server) : TablePortContract(server.WireTable(), typeof(HttpRequestException));

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteWireTableStoreTests(AzuriteServer server) : TableStoreContract(server.WireTable(), new MemoryContentStore());

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteWireCancellationBoardTests(AzuriteServer server) : CancellationBoardContract(server.WireTable());

[NeedsAzurite]
[Collection(AzuriteTests.Name)]
public sealed class AzuriteWireRunOutputTests(AzuriteServer server) : RunOutputContract(server.WireTable());
