using MtlHybrid.Bindings.Generator;
using MtlHybrid.Bindings.Generator.Model;

const string Usage = """
    Reads a C header and writes the C# layer over it, or describes its ABI.

      HEADER OUTDIR              write the C# files (stale generated files in OUTDIR are removed)
      layout HEADER              print sizes, offsets and enum values as libclang sees them
      probe HEADER               print a C program that prints the same as the compiler sees them
      castxml XML HEADER         print the same from castxml's output for HEADER
      cppsharp HEADER            print struct sizes and field offsets as CppSharp sees them (-p:UseCppSharp=true)

    libclang is taken from LIBCLANG_PATH (a file or folder), else from the system.
    """;

try
{
    switch (args)
    {
        case ["layout", string header]:
            Print(AbiLayout.Describe(HeaderReader.Read(header)));
            return 0;
        case ["probe", string header]:
            Console.Write(AbiLayout.ProbeProgram(HeaderReader.Read(header), Path.GetFullPath(header)));
            return 0;
        case ["castxml", string xml, string header]:
            Print(CastXmlLayout.Describe(xml, Path.GetFileName(header)));
            return 0;
        case ["cppsharp", string header]:
#if USE_CPPSHARP
            Print(CppSharpLayout.Describe(header));
            return 0;
#else
            Console.Error.WriteLine($"{header}: this build has no CppSharp; run with -p:UseCppSharp=true.");
            return 2;
#endif
        case [string header, string folder] when File.Exists(header):
            HeaderDeclarations declarations = HeaderReader.Read(header);
            GeneratedFolder.Write(folder, CSharpEmitter.Emit(declarations));
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (Exception e) when (e is HeaderFormatException or DllNotFoundException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Print(IEnumerable<string> lines)
{
    foreach (string line in lines)
        Console.Out.Write(line + "\n");
}
