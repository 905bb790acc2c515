using System.Text;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>Reads a stored text: for results that clients get whole.</summary>
/// <param name="store">Where it is.</param>
public sealed class ReadContentActivity(IContentStore store) : Activity<ContentRef, string>
{
    /// <inheritdoc/>
    /// <exception cref="ContentNotFoundException">The store does not hold it.</exception>
    /// <exception cref="PermanentFailureException">It is no address.</exception>
    public override async Task<string> RunAsync(ActivityContext context, ContentRef input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.IsValid()) throw new PermanentFailureException($"'{input.Sha256}' ({input.Length} bytes) is no content address. Use 64 lower-case hexadecimal digits and a length that is not negative.");
        return Encoding.UTF8.GetString((await store.GetAsync(input, cancellationToken)).Span);
    }
}
