using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace AgentFunctions.Core.Caching.Flights;

/// <summary>Exceptions for more than one who waits: each throws, and so writes its stack trace into, one of its own.</summary>
internal static class ExceptionCopies
{
    /// <summary>An exception that is like another in everything, its type too, by which retries decide.</summary>
    public static Exception Of(Exception exception)
    {
        // Capturing freezes the trace, so that what either adds to it is its own.
        _ = ExceptionDispatchInfo.Capture(exception);
        return (Exception)MemberwiseClone(exception);
    }

    // No exception can be copied by its constructors alone: types, messages and properties differ.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(MemberwiseClone))]
    private static extern object MemberwiseClone(object exception);
}
