using AgentFunctions.CrashHost;
using AgentFunctions.Local.Stores.KeyValues;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>The cache's store under kill -9, again and again in one folder: all that was acknowledged is there, and nothing else than what was under way.</summary>
public sealed class CacheKillTests(ITestOutputHelper output)
{
    private const int Rounds = 8;

    [Fact]
    public async Task Kill_AtAnyMoment_LosesNothingAcknowledged()
    {
        var random = CrashSeed.Draw(output);
        using var folder = new DataFolder();
        // Each writer's keys: the value of the last round that is known to be there.
        var known = Enumerable.Range(0, CacheWriter.Writers).Select(_ => new byte[]?[CacheWriter.KeysOfAWriter]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var seed = random.Next();
            var acknowledged = await WriteAndKillAsync(folder.Path, seed, random);
            using var store = FileKeyValueStore.Open(folder.Path, CacheWriter.Options, TimeProvider.System, NullLogger<FileKeyValueStore>.Instance);
            for (var writer = 0; writer < CacheWriter.Writers; writer++)
            {
                var found = new byte[]?[CacheWriter.KeysOfAWriter];
                for (var key = 0; key < found.Length; key++)
                    found[key] = (await store.GetAsync(CacheWriter.KeyOf(writer, key), default))?.Value.ToArray();

                var after = After(known[writer], seed, writer, acknowledged[writer]);
                var withNext = After(known[writer], seed, writer, acknowledged[writer] + 1);
                Assert.True(AreEqual(found, after) || AreEqual(found, withNext), $"Round {round}, seed {seed}: writer {writer} was told of {acknowledged[writer]} steps, and the store has neither what they leave nor that and the next.");
                known[writer] = found;
            }

            Assert.Equal((0, 0), ((int)store.Statistics.Damaged, store.Statistics.Emptied));
        }
    }

    private static async Task<int[]> WriteAndKillAsync(string folder, int seed, Random random)
    {
        await using var process = HostProcess.Start([CacheWriter.Command, folder, $"{seed}"]);
        await process.Out.LineAsync(Is(random.Next(CacheWriter.Writers), random.Next(1, 300)));
        await process.KillAsync();
        var acknowledged = new int[CacheWriter.Writers];
        foreach (var line in process.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ');
            acknowledged[int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture)] = int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        return acknowledged;
    }

    private static Func<string, bool> Is(int writer, int step) => line => line == $"{writer} {step}";

    private static byte[]?[] After(byte[]?[] before, int seed, int writer, int steps)
    {
        byte[]?[] values = [.. before];
        foreach (var step in CacheWriter.StepsOf(seed, writer).Take(steps))
            values[step.Key] = step.Length is null ? null : CacheWriter.ValueOf(seed, writer, step);
        return values;
    }

    private static bool AreEqual(byte[]?[] left, byte[]?[] right) => left.Zip(right).All(pair => pair.First is null ? pair.Second is null : pair.Second is not null && pair.First.AsSpan().SequenceEqual(pair.Second));
}
