using System.Text.Json;

namespace AgentFunctions.Local.CommandLine.Input;

/// <summary>Reads a run's input from a JSON file, standard input, or documents.</summary>
internal sealed class RunInputReader(TextReader standardInput)
{
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The input.</summary>
    /// <param name="request">A request whose parts fit together, and that starts a run.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="UsageException">A file is missing, can't be read, or is no JSON.</exception>
    public async Task<JsonElement> ReadAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.InputFile is not { } path)
        {
            return await DocumentReader.ReadAsync(request.Files, request.Task!, Directory.GetCurrentDirectory(), cancellationToken);
        }

        var (name, text) = path == "-"
            ? ("Standard input", await standardInput.ReadToEndAsync(cancellationToken))
            : ($"'{path}'", await InputFile.ReadTextAsync(path, cancellationToken));
        try
        {
            using var document = JsonDocument.Parse(text, strict);
            return document.RootElement.Clone();
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{name} is no valid JSON: {wrong.Message}");
        }
    }
}
