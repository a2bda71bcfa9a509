using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MlNetDl.Torch;

/// <summary>Makes TorchSharp's native libraries load, or says in one clear error why they cannot.</summary>
/// <remarks>
/// <para>TorchSharp's Linux binary asks for a newer C++ library than Debian 12 and Ubuntu 22.04 have, and needs nothing
/// of it. There a copy in memory that does not insist is loaded; no file is changed or written.</para>
/// <para>Where libtorch is not there at all, TorchSharp would copy what it finds in NuGet's cache into a folder
/// <c>cpu</c> beside the application and end in a page of trace. Instead its first native call throws
/// <see cref="TorchNotFoundException"/>, and nothing is copied. A program that touches <c>torch</c> itself gets that as
/// the inner exception of a <see cref="TypeInitializationException"/>, because TorchSharp's first call is in the static
/// constructor of <c>torch</c>; training through this library throws it bare.</para>
/// <para>It installs itself when this library is first touched. An application that touches <c>torch</c>
/// before anything of this library must call <see cref="Install"/> first; users of the NuGet package get such
/// a call at start-up.</para>
/// </remarks>
public static class NativeBootstrap
{
    private const string Binary = "LibTorchSharp";
    private static readonly Lock Gate = new();
    private static bool installed;
    private static bool ensured;
    private static Assembly? failing;

    /// <summary>Takes over the loading of TorchSharp's binary where the system's own loader refuses it. Cheap; loads
    /// nothing yet; may be called any number of times.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Must precede the first use of torch, which may be the user's.")]
    public static void Install()
    {
        lock (Gate)
        {
            if (!installed)
            {
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
                NativeTuning.LimitInstructions();
            }

            installed = true;
        }
    }

    /// <summary>Makes sure that libtorch is there, and tunes the process for it, before torch is first
    /// touched.</summary>
    /// <exception cref="TorchNotFoundException">libtorch is not beside the application.</exception>
    public static void Ensure()
    {
        lock (Gate)
        {
            if (ensured)
            {
                return;
            }

            if (TorchFiles.Missing() is { } missing)
            {
                throw new TorchNotFoundException(missing, TorchFiles.SearchFolders());
            }

            NativeTuning.Apply();
            ensured = true;
        }
    }

    // The runtime asks here only after its own search has failed.
    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != Binary)
        {
            return 0;
        }

        try
        {
            return Load();
        }
        catch (TorchNotFoundException e)
        {
            return IsBesideApplication(assembly) && FailAtFirstCall(assembly, e) ? NativeLibrary.GetMainProgramHandle() : 0;
        }
    }

    private static nint Load()
    {
        if (TorchFiles.Find(TorchFiles.Wrapper) is not { } path)
        {
            throw new TorchNotFoundException(TorchFiles.Wrapper, TorchFiles.SearchFolders());
        }

        try
        {
            return (OperatingSystem.IsLinux() ? WeakenedLibrary.TryLoad(path) : null) ?? NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw TorchFiles.Missing() is { } missing
                ? new TorchNotFoundException(missing, TorchFiles.SearchFolders())
                : new TorchNotFoundException(path, e);
        }
    }

    // In a notebook TorchSharp lies in NuGet's cache; what it copies there is how it loads.
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An assembly without a place lies in the application's one "
        + "file, and so is beside it.")]
    private static bool IsBesideApplication(Assembly assembly) => assembly.GetName().Name == "TorchSharp"
        && (assembly.Location == ""
            || Path.GetDirectoryName(assembly.Location) == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    // TorchSharp catches whatever its attempts to load throw, then copies files and tries those. It is content with
    // any handle, though; the import resolver comes before that handle at every native call, and what it throws
    // reaches the caller.
    private static bool FailAtFirstCall(Assembly torchSharp, Exception reason)
    {
        // It asks twice, for the CPU and for CUDA.
        if (failing == torchSharp)
        {
            return true;
        }

        try
        {
            NativeLibrary.SetDllImportResolver(torchSharp, (name, _, _) =>
            {
                if (name == Binary)
                {
                    throw reason;
                }

                return 0;
            });
            failing = torchSharp;
            return true;
        }
        catch (InvalidOperationException)
        {
            // The application has a resolver of its own, and so its own way.
            return false;
        }
    }
}
