using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>
/// The files and batches API. A batch moves with the clock alone: validating for a second, in_progress for <see cref="ProviderSimulatorOptions.BatchSeconds"/>, finalizing for
/// a second; what a request of it has in store is drawn from the seed and its place. Its tokens count half, and it is under no limit, as at OpenAI.
/// </summary>
internal sealed class BatchEndpoint(ProviderSimulatorOptions options, RequestPath path, ProviderCounters counters, OfflineChatClient model, TimeProvider time)
{
    private const int MostLines = 50_000;
    private readonly Lock gate = new();
    private readonly Dictionary<string, SimulatedFile> files = new(StringComparer.Ordinal);
    private readonly List<SimulatedBatch> batches = [];
    private int fileNumber;

    public async Task UploadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) { await path.RejectAsync(http, "Send a form with 'purpose' and 'file'."); return; }
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files.GetFile("file") is not { } sent) { await path.RejectAsync(http, "'file' is a required property", "file"); return; }
        if (form["purpose"] != "batch") { await path.RejectAsync(http, $"'{form["purpose"]}' is no purpose that is simulated. Use batch.", "purpose"); return; }
        using var bytes = new MemoryStream();
        await sent.CopyToAsync(bytes, http.RequestAborted);
        var file = Add(bytes.ToArray(), sent.FileName, "batch");
        await ReplyAsync(http, file);
    }

    public Task GetFileAsync(HttpContext http, string id) => Find(id) is { } file ? ReplyAsync(http, file) : MissingAsync(http, id);

    public async Task ReadFileAsync(HttpContext http, string id)
    {
        if (Find(id) is not { } file) { await MissingAsync(http, id); return; }
        http.Response.ContentType = "application/octet-stream";
        await http.Response.BodyWriter.WriteAsync(file.Bytes, http.RequestAborted);
    }

    public Task DeleteFileAsync(HttpContext http, string id)
    {
        bool wasThere;
        lock (gate) wasThere = files.Remove(id);
        return wasThere ? ProviderReplies.WriteAsync(http, new FileDeletion(id, "file", Deleted: true), BatchesJsonContext.Default.FileDeletion) : MissingAsync(http, id);
    }

    public async Task CreateAsync(HttpContext http)
    {
        var request = await path.ReadAsync(http, BatchesJsonContext.Default.BatchCreateRequest);
        if (request is null) return;
        if (request.InputFileId is null || Find(request.InputFileId) is not { } file) { await path.RejectAsync(http, $"Invalid file ID '{request.InputFileId}'.", "input_file_id"); return; }
        if (request.Endpoint != "/v1/chat/completions") { await path.RejectAsync(http, $"'{request.Endpoint}' is no endpoint that is simulated. Use /v1/chat/completions.", "endpoint"); return; }
        if (request.CompletionWindow != "24h") { await path.RejectAsync(http, $"'{request.CompletionWindow}' is no window. Use 24h.", "completion_window"); return; }
        SimulatedBatch batch;
        lock (gate)
        {
            batch = new SimulatedBatch(batches.Count + 1, file, request.Metadata, time.GetUtcNow());
            batches.Add(batch);
        }

        counters.Count(stats => stats with { Batches = stats.Batches + 1 });
        await ReplyAsync(http, batch);
    }

    public Task GetAsync(HttpContext http, string id) => FindBatch(id) is { } batch ? ReplyAsync(http, batch) : MissingAsync(http, id);

    public async Task CancelAsync(HttpContext http, string id)
    {
        if (FindBatch(id) is not { } batch) { await MissingAsync(http, id); return; }
        var view = await SeeAsync(batch);
        if (view.Status is not ("validating" or "in_progress" or "finalizing")) { await path.RejectAsync(http, $"Cannot cancel a batch with status '{view.Status}'.", status: StatusCodes.Status409Conflict); return; }
        lock (gate) batch.CancelledAt ??= time.GetUtcNow();
        await ReplyAsync(http, batch);
    }

    public async Task ListAsync(HttpContext http)
    {
        var limit = int.TryParse(http.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 20;
        if (limit is < 1 or > 100) { await path.RejectAsync(http, $"'limit' is {limit}. It must be 1 to 100.", "limit"); return; }
        List<SimulatedBatch> newest;
        lock (gate) newest = [.. batches.AsEnumerable().Reverse()];
        var after = http.Request.Query["after"].ToString();
        var start = after.Length == 0 ? 0 : newest.FindIndex(batch => batch.Id == after) + 1;
        var page = new List<BatchReply>();
        foreach (var batch in newest.Skip(start).Take(limit)) page.Add(await SeeAsync(batch));
        await ProviderReplies.WriteAsync(http, new BatchList("list", page, page.FirstOrDefault()?.Id, page.LastOrDefault()?.Id, start + page.Count < newest.Count), BatchesJsonContext.Default.BatchList);
    }

    private async Task ReplyAsync(HttpContext http, SimulatedBatch batch) => await ProviderReplies.WriteAsync(http, await SeeAsync(batch), BatchesJsonContext.Default.BatchReply);

    /// <summary>The batch at this moment. What it has answered is worked out when it is first seen to have ended.</summary>
    private async Task<BatchReply> SeeAsync(SimulatedBatch batch)
    {
        await batch.Turn.WaitAsync();
        try
        {
            batch.Lines ??= Lines(batch);
            var now = time.GetUtcNow();
            var (status, done) = batch.At(now, options);
            if (status is "completed" or "expired" or "cancelled" && batch.OutputFileId is null && batch.ErrorFileId is null) await WriteFilesAsync(batch, done, status);
            var failed = Enumerable.Range(0, done).Count(place => Fails(batch, place));
            return new BatchReply(batch.Id, "batch", "/v1/chat/completions", batch.Fault is null ? null : new BatchFaults("list", [new BatchFault("invalid_json_line", batch.Fault, batch.FaultLine)]), batch.Input.Id, "24h", status, batch.OutputFileId, batch.ErrorFileId, batch.CreatedAt.ToUnixTimeSeconds(), batch.CreatedAt.AddSeconds(options.BatchWindowSeconds).ToUnixTimeSeconds(), new BatchCounts(batch.Lines.Count, done - failed, failed), batch.Metadata);
        }
        finally
        {
            batch.Turn.Release();
        }
    }

    private static List<BatchRequestLine> Lines(SimulatedBatch batch)
    {
        var lines = new List<BatchRequestLine>();
        var number = 0;
        foreach (var text in System.Text.Encoding.UTF8.GetString(batch.Input.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            number++;
            try
            {
                var line = JsonSerializer.Deserialize(text, BatchesJsonContext.Default.BatchRequestLine);
                if (line is { CustomId.Length: > 0, Body: not null }) lines.Add(line);
                else (batch.Fault, batch.FaultLine) = ("'custom_id' and 'body' are required.", number);
            }
            catch (JsonException)
            {
                (batch.Fault, batch.FaultLine) = ("This line is not parseable as valid JSON.", number);
            }
        }

        if (lines.Count > MostLines) (batch.Fault, batch.FaultLine) = ($"There are {lines.Count} requests. The limit is {MostLines}.", MostLines);
        if (lines.Select(line => line.CustomId).Distinct(StringComparer.Ordinal).Count() < lines.Count) (batch.Fault, batch.FaultLine) = ("The custom_id of each request must be unique.", number);
        if (lines.Count == 0 && batch.Fault is null) (batch.Fault, batch.FaultLine) = ("The file has no requests.", 1);
        return lines;
    }

    private bool Fails(SimulatedBatch batch, int place) => Fate.Of(options, (batch.Number * (MostLines + 1L)) + place).Outcome == Outcome.Fault;

    private async Task WriteFilesAsync(SimulatedBatch batch, int done, string status)
    {
        using var answers = new MemoryStream();
        using var errors = new MemoryStream();
        long input = 0;
        long output = 0;
        for (var place = 0; place < batch.Lines!.Count; place++)
        {
            var line = batch.Lines[place];
            if (place >= done)
            {
                var isExpired = status == "expired";
                Write(errors, new BatchResultLine($"batch_req_{place}", line.CustomId, Response: null, new BatchFault(isExpired ? "batch_expired" : "batch_cancelled", isExpired ? "This request could not be executed before the completion window expired." : "This request was not executed before the batch was cancelled.", Line: null)));
            }
            else if (Fails(batch, place))
            {
                Write(errors, new BatchResultLine($"batch_req_{place}", line.CustomId, new BatchResultResponse(500, $"req_{place}", JsonSerializer.SerializeToElement(new ErrorReply(new ErrorBody("The server had an error while processing your request. (simulated)", "server_error", Param: null, Code: null)), ProviderJsonContext.Default.ErrorReply)), Error: null));
            }
            else
            {
                var (reply, prompt) = await AnswerAsync(line);
                input += prompt;
                output += reply.Usage!.CompletionTokens ?? 0;
                Write(answers, new BatchResultLine($"batch_req_{place}", line.CustomId, new BatchResultResponse(200, $"req_{place}", JsonSerializer.SerializeToElement(reply, ProviderJsonContext.Default.ChatReply)), Error: null));
            }
        }

        counters.Count(stats => stats with { BatchInputTokens = stats.BatchInputTokens + input, BatchOutputTokens = stats.BatchOutputTokens + output });
        // The order of a batch's answers is not that of its requests.
        if (answers.Length > 0) batch.OutputFileId = Add(Reversed(answers), $"{batch.Id}_output.jsonl", "batch_output").Id;
        if (errors.Length > 0) batch.ErrorFileId = Add(errors.ToArray(), $"{batch.Id}_error.jsonl", "batch_output").Id;

        static void Write(Stream to, BatchResultLine line)
        {
            JsonSerializer.Serialize(to, line, BatchesJsonContext.Default.BatchResultLine);
            to.WriteByte((byte)'\n');
        }
    }

    private static byte[] Reversed(MemoryStream lines) =>
        System.Text.Encoding.UTF8.GetBytes(string.Join('\n', System.Text.Encoding.UTF8.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse()) + "\n");

    private async Task<(ChatReply Reply, int Prompt)> AnswerAsync(BatchRequestLine line)
    {
        var messages = (line.Body!.Messages ?? []).Select(message => new ChatMessage(message?.Role is "system" or "developer" ? ChatRole.System : ChatRole.User, message?.Content is { ValueKind: JsonValueKind.String } text ? text.GetString() : "")).ToList();
        var reply = await model.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = line.Body.MaxCompletionTokens ?? line.Body.MaxTokens }, CancellationToken.None);
        var prompt = messages.Sum(message => TokenEstimate.Count(message.Text) + 4);
        var answered = TokenEstimate.Count(reply.Text);
        var choice = new ChatReplyChoice(0, new ChatReplyMessage("assistant", reply.Text), Delta: null, reply.FinishReason?.Value ?? "stop");
        return (new ChatReply($"chatcmpl-{line.CustomId}", "chat.completion", time.GetUtcNow().ToUnixTimeSeconds(), line.Body.Model ?? OfflineChatClient.ModelName, [choice], new TokenUsage(prompt, answered, prompt + answered), "fp_simulated"), prompt);
    }

    private SimulatedFile Add(byte[] bytes, string name, string purpose)
    {
        lock (gate)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"file-{++fileNumber}");
            return files[id] = new SimulatedFile(id, bytes, name, purpose, time.GetUtcNow());
        }
    }

    private SimulatedFile? Find(string id)
    {
        lock (gate) return files.GetValueOrDefault(id);
    }

    private SimulatedBatch? FindBatch(string id)
    {
        lock (gate) return batches.Find(batch => batch.Id == id);
    }

    private static Task ReplyAsync(HttpContext http, SimulatedFile file) =>
        ProviderReplies.WriteAsync(http, new FileReply(file.Id, "file", file.Bytes.Length, file.CreatedAt.ToUnixTimeSeconds(), file.Name, file.Purpose, "processed"), BatchesJsonContext.Default.FileReply);

    private Task MissingAsync(HttpContext http, string id) => path.RejectAsync(http, $"There is no '{id}'.", "id", StatusCodes.Status404NotFound);
}
