using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Policies.Chunking;

/// <summary>A stretch of a text.</summary>
/// <param name="Start">The index of its first character.</param>
/// <param name="Length">Characters (UTF-16).</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>The index after its last character.</summary>
    public int End => Start + Length;
}
