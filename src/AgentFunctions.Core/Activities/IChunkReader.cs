using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Activities;

/// <summary>Reads chunks of stored sets.</summary>
public interface IChunkReader
{
    /// <summary>The text of a chunk.</summary>
    /// <param name="chunk">Its address.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    ValueTask<string> ReadAsync(ChunkAddress chunk, CancellationToken cancellationToken);
}
