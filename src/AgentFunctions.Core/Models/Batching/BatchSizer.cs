using AgentFunctions.Core.Policies.Batching;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>The size of a model's batches, as its requests go.</summary>
internal sealed class BatchSizer(TimeSpan target, int most)
{
    private readonly Lock gate = new();
    private BatchSize size = new(Math.Min(BatchSize.First, most));

    public int Texts
    {
        get
        {
            lock (gate)
            {
                return size.Texts;
            }
        }
    }

    public void Note(int sent, TimeSpan took)
    {
        lock (gate)
        {
            size = size.After(sent, took, target, most);
        }
    }
}
