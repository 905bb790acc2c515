using System.Text;

namespace AgentFunctions.Local.CommandLine.Input;

/// <summary>Reads text files that a person named.</summary>
internal static class InputFile
{
    private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A file's text, without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="UsageException">It is missing, can't be read, or is no UTF-8 text.</exception>
    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var text = await File.ReadAllTextAsync(path, strict, cancellationToken);
            return text.Contains('\0', StringComparison.Ordinal) ? throw new UsageException($"'{path}' holds zero bytes, so it is no text. Leave it out, or convert it to text first.") : text;
        }
        catch (DecoderFallbackException wrong)
        {
            throw new UsageException($"'{path}' is no UTF-8 text: {wrong.Message} Leave it out, or convert it first.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' can't be read: {failure.Message}");
        }
    }
}
