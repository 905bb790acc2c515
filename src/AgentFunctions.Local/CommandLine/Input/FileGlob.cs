using Microsoft.Extensions.FileSystemGlobbing;

namespace AgentFunctions.Local.CommandLine.Input;

/// <summary>Finds files by patterns: <c>*</c> within a folder's name, <c>**</c> across folders.</summary>
internal static class FileGlob
{
    /// <summary>The files that match a pattern, as paths relative to <paramref name="folder"/> with <c>/</c>, in ordinal order; full paths where the pattern is one.</summary>
    /// <param name="pattern">The pattern, relative to <paramref name="folder"/> or a full path; it may start with <c>../</c>.</param>
    /// <param name="folder">The folder that relative patterns start from.</param>
    public static IReadOnlyList<string> Find(string pattern, string folder)
    {
        var parts = pattern.Replace('\\', '/').Split('/');

        // The leading parts without a wildcard are a plain path; the matcher only takes what comes after it.
        var fixedParts = parts.TakeWhile((part, i) => i < parts.Length - 1 && !part.Contains('*', StringComparison.Ordinal) && !part.Contains('?', StringComparison.Ordinal)).ToList();
        var prefix = string.Join('/', fixedParts);
        var start = Path.GetFullPath(prefix.Length == 0 && fixedParts.Count > 0 ? "/" : prefix, folder);
        if (!Directory.Exists(start))
        {
            return [];
        }

        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(string.Join('/', parts.Skip(fixedParts.Count)));
        return [.. matcher.GetResultsInFullPath(start)
            .Select(file => Path.IsPathRooted(pattern) ? file : Path.GetRelativePath(folder, file))
            .Select(file => file.Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
    }
}
