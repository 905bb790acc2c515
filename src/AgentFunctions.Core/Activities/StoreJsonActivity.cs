using System.Runtime.InteropServices;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>Stores a JSON value, for what a custom status has no room for. Storing it twice stores it once.</summary>
/// <param name="store">Where it goes.</param>
public sealed class StoreJsonActivity(IContentStore store) : Activity<JsonElement, ContentRef>
{
    /// <inheritdoc/>
    public override async Task<ContentRef> RunAsync(ActivityContext context, JsonElement input, CancellationToken cancellationToken) =>
        await store.PutAsync(JsonMarshal.GetRawUtf8Value(input).ToArray(), cancellationToken);
}
