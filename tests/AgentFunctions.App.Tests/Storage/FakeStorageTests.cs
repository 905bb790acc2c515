using AgentFunctions.App.Tests.Storage.Contracts;
using AgentFunctions.Core.Stores;
using Xunit.Sdk;

namespace AgentFunctions.App.Tests.Storage;

// The contracts in memory: the stores' own logic, and the fakes against what Azurite/ runs on a real service.

public sealed class FakeTablePortTests() : TablePortContract(new FakeTable(), typeof(XunitException));

public sealed class FakeTableStoreTests() : TableStoreContract(new FakeTable(), new MemoryContentStore());

public sealed class FakeCancellationBoardTests() : CancellationBoardContract(new FakeTable());

public sealed class FakeRunOutputTests() : RunOutputContract(new FakeTable());

public sealed class FakeContentStoreTests() : ContentStoreContract(new FakeBlobs());
