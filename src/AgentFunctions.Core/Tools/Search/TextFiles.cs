using System.Text;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools.Search;

/// <summary>The text files of one folder and its subfolders. Links are not followed, so nothing outside the folder is read.</summary>
/// <param name="folder">The folder.</param>
/// <param name="maxFiles">The most files that it may have.</param>
/// <param name="maxFileBytes">Larger files are no texts.</param>
/// <param name="setting">What <paramref name="maxFiles"/> is called in the configuration.</param>
internal sealed class TextFiles(string folder, int maxFiles, int maxFileBytes, string setting)
{
    private const int SniffedBytes = 8192;

    private static readonly EnumerationOptions everyFile = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = false,
    };

    /// <summary>The files, in the order of their names.</summary>
    /// <exception cref="PermanentFailureException">There are too many.</exception>
    public List<string> Paths()
    {
        var files = Directory.EnumerateFiles(folder, "*", everyFile).Take(maxFiles + 1).Order(StringComparer.Ordinal).ToList();
        return files.Count <= maxFiles
            ? files
            : throw new PermanentFailureException($"The folder of a search has more than {maxFiles} files. Raise {setting}, or name a smaller folder.");
    }

    /// <summary>A file's name relative to the folder, with <c>/</c> between names.</summary>
    public string NameOf(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>A file's text, or null where it is too large or no text.</summary>
    public async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        if (file.Length > maxFileBytes) return null;
        var bytes = new byte[file.Length];
        var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes.AsSpan(0, Math.Min(read, SniffedBytes)).Contains((byte)0) ? null : Encoding.UTF8.GetString(bytes, 0, read);
    }
}
