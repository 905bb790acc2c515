using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Stores.KeyValues;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.CrashHost;

/// <summary>
/// Writers of a cache's store that go on until they are killed. Each has keys of its own and does what a seed says, one step after the other, and writes a
/// line when a step has been acknowledged; so whoever knows the seed and the lines knows what must be there.
/// </summary>
internal static class CacheWriter
{
    /// <summary>The command that starts it, with a folder and a seed.</summary>
    public const string Command = "write-cache";

    public const int Writers = 6;

    public const int KeysOfAWriter = 8;

    /// <summary>So small that segments come and go all the time.</summary>
    public static KeyValueStoreOptions Options { get; } = new() { SegmentBytes = 64 * 1024, MostBytes = 64 * 1024 * 1024 };

    /// <summary>What a writer does, step by step, without end.</summary>
    public static IEnumerable<CacheStep> StepsOf(int seed, int writer)
    {
        var random = new Random(unchecked((seed * 31) + writer));
        for (var number = 1; ; number++)
        {
            yield return new CacheStep(number, random.Next(KeysOfAWriter), random.Next(5) == 0 ? null : random.Next(20) == 0 ? 100_000 : random.Next(3000), random.Next(4) == 0);
        }
    }

    public static KeyValueKey KeyOf(int writer, int key) => new(new("acme", "response"), $"{writer}/{key}");

    /// <summary>The value that a step sets: its number, and bytes that follow from all that it is.</summary>
    public static byte[] ValueOf(int seed, int writer, CacheStep step)
    {
        var value = new byte[sizeof(int) + (step.Length ?? 0)];
        new Random(HashCode(seed, writer, step.Number)).NextBytes(value);
        BitConverter.TryWriteBytes(value, step.Number);
        return value;
    }

    public static async Task RunAsync(string folder, int seed)
    {
        using var store = FileKeyValueStore.Open(folder, Options, TimeProvider.System, NullLogger<FileKeyValueStore>.Instance);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(store, seed, writer))));
    }

    private static async Task WriteAsync(FileKeyValueStore store, int seed, int writer)
    {
        foreach (var step in StepsOf(seed, writer))
        {
            var key = KeyOf(writer, step.Key);
            if (step.Length is null)
                await store.DeleteAsync(key, null, default);
            else
                await store.SetAsync(key, ValueOf(seed, writer, step), step.Lasting ? null : DateTimeOffset.UtcNow.AddDays(1), WriteCondition.Always, default);
            Console.WriteLine($"{writer} {step.Number}");
        }
    }

    private static int HashCode(int seed, int writer, int step) => unchecked((((seed * 397) + writer) * 397) + step);
}

/// <summary>What a writer does next.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Key">Which of its keys.</param>
/// <param name="Length">How long the value is, beyond its number; null deletes the key.</param>
/// <param name="Lasting">Whether it has no end.</param>
internal sealed record CacheStep(int Number, int Key, int? Length, bool Lasting);
