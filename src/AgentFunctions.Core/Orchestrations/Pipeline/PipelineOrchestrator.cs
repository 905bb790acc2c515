using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>
/// Items flow through stages that overlap: an item begins a stage as soon as it has ended the one before, and bounded buffers hold fast stages back to the
/// pace of slow ones. So the whole takes about as long as its slowest stage alone.
/// </summary>
public sealed class PipelineOrchestrator : Orchestrator<PipelineInput, PipelineResult>
{
    /// <inheritdoc/>
    public override void Validate(PipelineInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        PipelineValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override async ValueTask<PipelineInput> PrepareAsync(PipelineInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(content);
        if (!input.Items.Any(IsLong)) return input;

        var items = new List<PipelineItem>(input.Items.Count);
        foreach (var item in input.Items)
        {
            if (!IsLong(item))
            {
                items.Add(item);
                continue;
            }

            var isText = item.Value!.Value.ValueKind == JsonValueKind.String;
            var bytes = isText ? Encoding.UTF8.GetBytes(item.Value.Value.GetString()!) : JsonMarshal.GetRawUtf8Value(item.Value.Value).ToArray();
            items.Add(item with { Value = null, Ref = await content.PutAsync(bytes, cancellationToken), IsText = isText });
        }

        return input with { Items = items };

        static bool IsLong(PipelineItem item) => item.Value is { } value && JsonMarshal.GetRawUtf8Value(value).Length > ItemValue.InlineBytes;
    }

    /// <inheritdoc/>
    public override Task<PipelineResult> RunAsync(OrchestrationContext context, PipelineInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        if (input.Items.Count > PipelineSlices.SliceItems) return PipelineSlices.RunAsync(context, input);
        var status = new ProgressStatus(context, "items", input.Items.Count);
        return new PipelineRun(context, input, 0, status.Report).RunAsync();
    }
}
