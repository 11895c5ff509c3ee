/* For tests under Wine 8 only, which lacks bcryptprimitives.dll: the standard library of Rust takes the seeds of
   its hash maps from there. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}
