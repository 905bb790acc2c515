using System.Text;
using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;

namespace AgentFunctions.Local.CommandLine.Input;

/// <summary>Reads a run's input from a JSON file, standard input, or documents.</summary>
internal sealed class RunInputReader(TextReader standardInput)
{
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
            return StrictJson.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (ProblemException wrong)
        {
            throw new UsageException($"{name} can't be the input. {wrong.Message}");
        }
    }
}
