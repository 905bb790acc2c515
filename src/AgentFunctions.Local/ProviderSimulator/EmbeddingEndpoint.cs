using System.Runtime.InteropServices;
using System.Text.Json;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>POST embeddings: hashed vectors, the same for the same text.</summary>
internal sealed class EmbeddingEndpoint(RequestPath path)
{
    private const int DefaultDimensions = 1536;
    private const int MostDimensions = 4096;
    private const int MostTexts = 2048;

    /// <summary>Serves a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="deployment">The deployment in an Azure-style path; it goes before the body's model.</param>
    public async Task HandleAsync(HttpContext http, string? deployment)
    {
        var request = await path.ReadAsync(http, ProviderJsonContext.Default.EmbeddingRequest);
        if (request is null) return;
        var name = deployment ?? request.Model;
        var dimensions = request.Dimensions ?? DefaultDimensions;
        if (string.IsNullOrEmpty(name)) { await path.RejectAsync(http, "you must provide a model parameter", "model"); return; }
        if (TextsOf(request.Input) is not { Count: > 0 and <= MostTexts } texts) { await path.RejectAsync(http, $"'input' must be a text or an array of 1 to {MostTexts} texts.", "input"); return; }
        if (dimensions is < 1 or > MostDimensions) { await path.RejectAsync(http, $"'dimensions' is {dimensions}. It must be between 1 and {MostDimensions}.", "dimensions"); return; }
        if (request.EncodingFormat is not (null or "float" or "base64")) { await path.RejectAsync(http, $"'encoding_format' is '{request.EncodingFormat}'. It must be float or base64.", "encoding_format"); return; }

        var tokens = texts.Sum(text => TokenEstimate.Count(text));
        await path.RunAsync(http, name, new Admission(tokens, 0), asStream: false, async fate =>
        {
            await path.WaitAsync(fate.FirstToken, http.RequestAborted);
            var data = texts.Select((text, i) => new EmbeddingDatum("embedding", i, Encode(HashedEmbedding.Of(text, dimensions), request.EncodingFormat == "base64"))).ToList();
            await ProviderReplies.WriteAsync(http, new EmbeddingReply("list", data, name, new TokenUsage(tokens, CompletionTokens: null, tokens)), ProviderJsonContext.Default.EmbeddingReply);
            return 0;
        });
    }

    private static JsonElement Encode(float[] vector, bool asBase64) => asBase64
        ? JsonSerializer.SerializeToElement(Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan())), ProviderJsonContext.Default.String)
        : JsonSerializer.SerializeToElement(vector, ProviderJsonContext.Default.SingleArray);

    private static List<string>? TextsOf(JsonElement? input) => input switch
    {
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { ValueKind: JsonValueKind.Array } texts when texts.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String) => [.. texts.EnumerateArray().Select(text => text.GetString()!)],
        _ => null,
    };
}
