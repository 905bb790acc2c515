using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>Catalogs for these tests: what each test needs, and an orchestrator that shows that the engine lives.</summary>
internal static class TestCatalog
{
    public static OrchestratorReference<int, int> AddOne { get; } = new("AddOne");

    public static Catalog Build(Action<CatalogBuilder> build)
    {
        var builder = new CatalogBuilder().AddJson(EngineTestsJson.Default).Orchestrator(AddOne, (_, x) => Task.FromResult(x + 1));
        build(builder);
        return builder.Build();
    }
}
