using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Activities;

/// <summary>Reads chunks out of the sets that SplitDocument stored.</summary>
public interface IChunkReader
{
    /// <summary>The text of a chunk.</summary>
    /// <param name="chunk">Its address.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="ContentNotFoundException">The set or its document is not stored.</exception>
    /// <exception cref="PermanentFailureException">The set has no chunk of this number.</exception>
    ValueTask<string> ReadAsync(ChunkAddress chunk, CancellationToken cancellationToken);
}
