using System.Globalization;
using AgentFunctions.CrashHost;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A host's folder, with the ledger of its effects beside it. Hosts come and go; it stays until the test ends.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("agentfunctions-crash-").FullName;

    public string Root => root;

    public string Path => System.IO.Path.Combine(root, "data");

    public string Journal => System.IO.Path.Combine(Path, "journal");

    /// <summary>The journal's only segment, while it is small.</summary>
    public string Segment => Directory.EnumerateFiles(Journal, "segment-*").Single();

    public IReadOnlyList<(string Name, string Value)> Environment =>
    [
        (EffectLedger.PathVariable, LedgerPath),
        (EffectLedger.ModelDelayVariable, CrashWork.ModelMilliseconds.ToString(CultureInfo.InvariantCulture)),
    ];

    private string LedgerPath => System.IO.Path.Combine(root, "ledger.txt");

    /// <summary>Starts <c>serve</c> on it, on a free port.</summary>
    public HostProcess Serve() => Start("serve", "--port", "0");

    /// <summary>Starts a command on it.</summary>
    public HostProcess Start(params IReadOnlyList<string> arguments) => HostProcess.Start([.. arguments, "--data", Path], Environment);

    /// <summary>How often each effect happened so far.</summary>
    public Dictionary<string, int> Effects() =>
        !File.Exists(LedgerPath) ? [] : File.ReadAllLines(LedgerPath).CountBy(line => line, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(root, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
