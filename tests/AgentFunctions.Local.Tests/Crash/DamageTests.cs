using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A journal that is not as it was left.</summary>
public sealed class DamageTests
{
    private const int Runs = 4;
    private static readonly CrashRun run = CrashWork.Calls(5, milliseconds: 0, parallel: 5);

    [Fact]
    public async Task Serve_FlippedBitInTheMiddle_RefusesToStartAndNamesFileAndOffset()
    {
        using var folder = new DataFolder();
        var ids = await FillAsync(folder);
        var whole = await File.ReadAllBytesAsync(folder.Segment);
        var middle = whole.Length / 2;
        var damaged = whole.ToArray();
        damaged[middle] ^= 1;
        await File.WriteAllBytesAsync(folder.Segment, damaged);

        await using (var host = folder.Serve())
        {
            Assert.Equal(1, await host.ExitAsync());
            var error = host.Error.ToString().TrimEnd();
            var said = Regex.Match(error, @"^error: The journal is damaged: segment-0000000001\.journal at offset (?<offset>\d+): [^\n]+$", RegexOptions.None, TimeSpan.FromSeconds(1));
            Assert.True(said.Success, error);

            // What does not match its check begins before the bit, and not far before it: it is one record or one header.
            Assert.InRange(int.Parse(said.Groups["offset"].Value, CultureInfo.InvariantCulture), 0, middle);
            Assert.Equal("", host.Out.ToString());
        }

        Assert.Equal(damaged, await File.ReadAllBytesAsync(folder.Segment));
        await File.WriteAllBytesAsync(folder.Segment, whole);
        await AssertAllThereAsync(folder, ids);
    }

    [Fact]
    public async Task Serve_TornTail_StartsAndSaysWhatWasCutOff()
    {
        using var folder = new DataFolder();
        var ids = await FillAsync(folder);
        var length = new FileInfo(folder.Segment).Length;
        await using (var file = new FileStream(folder.Segment, FileMode.Append))
        {
            await file.WriteAsync(new byte[] { 0xA7, 0x4A, 0x55, 0x1E, 1, 2, 3 });
        }

        await using var host = folder.Serve();
        await host.ListeningAsync();
        Assert.Contains($"7 bytes of an unfinished write were cut off {Path.GetFileName(folder.Segment)} at offset {length}", await host.Error.LineAsync(line => line.Contains("cut off", StringComparison.Ordinal)), StringComparison.Ordinal);
        await host.KillAsync();
        await AssertAllThereAsync(folder, ids);
    }

    private static async Task<IReadOnlyList<string>> FillAsync(DataFolder folder)
    {
        await using var host = folder.Serve();
        var client = await host.ListeningAsync();
        var ids = new List<string>();
        for (var i = 0; i < Runs; i++)
        {
            ids.Add((await client.FinishAsync(run.Orchestrator, run.Input, $"run-{i}")).GetProperty("instanceId").GetString()!);
        }

        await host.KillAsync();
        return ids;
    }

    private static async Task AssertAllThereAsync(DataFolder folder, IReadOnlyList<string> ids)
    {
        await using var host = folder.Serve();
        var client = await host.ListeningAsync();
        var expected = await run.FaultFreeAsync();
        foreach (var id in ids)
        {
            Assert.Equal(expected, CrashWork.Timeless((await client.GetAsync($"/api/runs/{id}")).GetProperty("output")));
        }
    }
}
