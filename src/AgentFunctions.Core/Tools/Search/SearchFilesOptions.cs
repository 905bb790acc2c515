using System.Globalization;

namespace AgentFunctions.Core.Tools.Search;

/// <summary>What <c>search-files</c> may search.</summary>
public sealed class SearchFilesOptions
{
    /// <summary>The folder, searched with its subfolders. Default: none, and the tool refuses to search.</summary>
    public string? Folder { get; set; }

    /// <summary>The most files that a search reads: 1 to 100,000. Default: 10,000.</summary>
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Larger files are skipped, and counted as skipped; in bytes, 1,024 to 268,435,456. Default: 8,388,608.</summary>
    public int MaxFileBytes { get; set; } = 8 << 20;

    internal IEnumerable<string> Errors()
    {
        if (Folder is not null && !Directory.Exists(Folder)) yield return $"Tools:SearchFiles:Folder is '{Folder}', which is no folder. Name one that exists, or leave it out.";
        if (MaxFiles is < 1 or > 100_000) yield return string.Create(CultureInfo.InvariantCulture, $"Tools:SearchFiles:MaxFiles is {MaxFiles}. It must be from 1 to 100000.");
        if (MaxFileBytes is < 1024 or > 1 << 28) yield return string.Create(CultureInfo.InvariantCulture, $"Tools:SearchFiles:MaxFileBytes is {MaxFileBytes}. It must be from 1024 to 268435456.");
    }
}
