using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Caching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Caching;

public sealed class CachingEmbeddingGeneratorTests : IDisposable
{
    private static readonly ModelCacheScope Acme = new() { Tenant = "acme" };
    private readonly FakeCallCache cache = new();
    private readonly Embedder model = new();
    private readonly CachingEmbeddingGenerator generator;

    public CachingEmbeddingGeneratorTests() => generator = new CachingEmbeddingGenerator(model, cache, new ModelPrice(1_000_000m, 0));

    public void Dispose() => generator.Dispose();

    [Fact]
    public async Task Generate_SomeTextsAreKept_OnlyTheOthersAreSentEachOnce()
    {
        await GenerateAsync(Acme, "a", "b");
        var embeddings = await GenerateAsync(Acme, "c", "b", "c", "a");

        Assert.Equal([["a", "b"], ["c"]], model.Sent);
        Assert.Equal(["c", "b", "c", "a"], embeddings.Select(embedding => Embedder.TextOf(embedding.Vector)));
        Assert.Equal([false, true, false, true], embeddings.Select(embedding => NoteOf(embedding) is not null));
        Assert.Equal(10, embeddings.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Generate_KeptVectors_AreTheSameBitByBit()
    {
        float[] odd = [float.Epsilon, -0f, 1f / 3, float.MaxValue, BitConverter.Int32BitsToSingle(0x7fc00123)];
        model.Vector = _ => odd;
        await GenerateAsync(Acme, "a");
        var kept = (await GenerateAsync(Acme, "a"))[0].Vector.ToArray();
        Assert.Equal(odd.Select(BitConverter.SingleToInt32Bits), kept.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public async Task Generate_AllAreKept_SendsNothing()
    {
        await GenerateAsync(Acme, "a");
        var embeddings = await GenerateAsync(Acme, "a");
        Assert.Single(model.Sent);
        Assert.Null(embeddings.Usage);
        Assert.Equal(new Cost(10, 0, 10m), NoteOf(embeddings[0])!.Saved);
    }

    [Fact]
    public async Task Generate_OtherTenantDimensionsOrMode_AreAskedAgain()
    {
        await GenerateAsync(Acme, "a");
        await GenerateAsync(Acme with { Tenant = "globex" }, "a");
        await generator.GenerateAsync(["a"], Options(Acme, dimensions: 2));
        await GenerateAsync(Acme with { Settings = new() { Mode = CacheMode.Refresh } }, "a");
        await GenerateAsync(Acme with { Settings = new() { Mode = CacheMode.Off } }, "a");
        await generator.GenerateAsync(["a"]);
        Assert.Equal(6, model.Sent.Count);
    }

    [Fact]
    public async Task Generate_OnlyKeptOnes_FailsWhereOneIsMissing()
    {
        await GenerateAsync(Acme, "a");
        var only = Acme with { Settings = new() { Mode = CacheMode.Only } };
        Assert.NotNull(NoteOf((await GenerateAsync(only, "a"))[0]));
        Assert.Contains("1 of 2 texts have none", (await Assert.ThrowsAsync<CacheMissException>(() => GenerateAsync(only, "a", "b"))).Message, StringComparison.Ordinal);
        Assert.Single(model.Sent);
    }

    [Fact]
    public async Task Embed_Twice_CostsOnceAndSaysSo()
    {
        var catalog = new EmbeddingCatalog(new ModelOptions { Endpoint = new Uri("https://models.example/v1"), Embedding = new ModelChoice("e", new ModelPrice(10_000m, 0)) }, _ => model, resolved => new CachingEmbeddingGenerator(resolved.Generator, cache, resolved.Price));
        var activity = new EmbedActivity(catalog, new MemoryContentStore());
        EmbedRequest Request(params string[] texts) => new() { Texts = [.. texts.Select(text => new Content { Text = text })] };
        var context = new ActivityContext("acme~run", "Embed", 1);

        var first = await activity.RunAsync(context, Request("a", "b"), CancellationToken.None);
        var mixed = await activity.RunAsync(context, Request("b", "c"), CancellationToken.None);
        var second = await activity.RunAsync(context, Request("a", "b"), CancellationToken.None);

        Assert.Equal(first.Vectors, second.Vectors);
        Assert.Equal((0, 1, 2), (first.Cached, mixed.Cached, second.Cached));
        Assert.Equal((new Cost(20, 0, 0.2m), new Cost(10, 0, 0.1m), Cost.None), (first.Cost!, mixed.Cost!, second.Cost!));
        Assert.Null(mixed.Cache);
        Assert.Equal(new Cost(20, 0, 0.2m), second.Cache!.Saved);
        Assert.All(cache.Requests, request => Assert.Equal((CacheKind.Embedding, "acme"), (request.Kind, request.Tenant)));
    }

    [Fact]
    public async Task Embed_OnlyKeptOnesOfAModelWithoutACache_NeverAsksIt()
    {
        var catalog = new EmbeddingCatalog(new ModelOptions { Endpoint = new Uri("https://models.example/v1") }, _ => model);
        var request = new EmbedRequest { Texts = [new Content { Text = "a" }], Cache = new() { Mode = CacheMode.Only } };
        await Assert.ThrowsAsync<CacheMissException>(() => new EmbedActivity(catalog, new MemoryContentStore()).RunAsync(new ActivityContext("run", "Embed", 1), request, CancellationToken.None));
        Assert.Empty(model.Sent);
    }

    private static EmbeddingGenerationOptions Options(ModelCacheScope scope, int? dimensions = null) => new() { ModelId = "e", Dimensions = dimensions, AdditionalProperties = new() { [ModelProperties.CacheScope] = scope } };

    private static CacheNote? NoteOf(Embedding<float> embedding) => embedding.AdditionalProperties?.GetValueOrDefault(ModelProperties.CacheNote) as CacheNote;

    private Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(ModelCacheScope scope, params string[] texts) => generator.GenerateAsync(texts, Options(scope));

    /// <summary>Gives each text a vector that spells it, at 10 tokens a text.</summary>
    private sealed class Embedder : IEmbeddingGenerator<string, Embedding<float>>
    {
        public List<IReadOnlyList<string>> Sent { get; } = [];

        public Func<string, float[]> Vector { get; set; } = text => [.. text.Select(character => (float)character)];

        public static string TextOf(ReadOnlyMemory<float> vector) => string.Concat(vector.ToArray().Select(number => (char)number));

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Sent.Add([.. values]);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(Sent[^1].Select(text => new Embedding<float>(Vector(text)))) { Usage = new UsageDetails { InputTokenCount = 10 * Sent[^1].Count } });
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
